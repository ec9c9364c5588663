/** What this tab remembers of an upload that is open, for a reload: its id, and the ids of objects that are sent in parts. */
const KEPT = 'filmroom-upload';

interface Kept {
  readonly upload: string;
  readonly parts: Readonly<Record<string, string>>;
}

export interface Remembered {
  /** Whether the upload was begun before the page was loaded. */
  readonly isResumed: boolean;
  readonly upload: string;
  partsOf(path: string): string | undefined;
  keepParts(path: string, id: string): void;
}

/** The upload that a reload interrupted. */
export function rememberedUpload(): Remembered | undefined {
  const text = sessionStorage.getItem(KEPT);
  return text === null ? undefined : remember(JSON.parse(text) as Kept, true);
}

/** Begins to remember an upload. */
export function rememberUpload(upload: string): Remembered {
  return remember({ upload, parts: {} }, false);
}

/** Forgets an upload that is closed. */
export function forgetUpload(): void {
  sessionStorage.removeItem(KEPT);
}

function remember(kept: Kept, isResumed: boolean): Remembered {
  const parts = new Map(Object.entries(kept.parts));
  const store = () =>
    sessionStorage.setItem(KEPT, JSON.stringify({ upload: kept.upload, parts: Object.fromEntries(parts) }));
  store();
  return {
    isResumed,
    upload: kept.upload,
    partsOf: (path) => parts.get(path),
    keepParts(path, id) {
      parts.set(path, id);
      store();
    },
  };
}
