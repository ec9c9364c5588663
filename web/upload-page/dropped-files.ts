/** The files behind a drop or a choice, with the path each is sent under; folders are walked to their ends. */

export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

/** Below what the uploads API takes, in bytes of UTF-8. */
const MAXIMUM_BYTES = 880;
const KEPT_CHARACTERS = 200;
/** The pictures of control characters begin here: `␊` stands for a line feed. */
const CONTROL_PICTURES = 0x2400;

/** What was dropped. It must be called in the event itself: the browser forgets what was dropped when that ends. */
export function droppedFiles(transfer: DataTransfer): AsyncGenerator<ChosenFile> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return walk(entries, '');
}

/** What an input for files or a folder holds. */
export async function* chosenFiles(list: readonly File[]): AsyncGenerator<ChosenFile> {
  for (const file of list) yield { path: sentPath(file.webkitRelativePath || file.name), file };
}

async function* walk(entries: readonly FileSystemEntry[], prefix: string): AsyncGenerator<ChosenFile> {
  for (const entry of entries) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory) yield* walk(await entriesOf(entry as FileSystemDirectoryEntry), `${path}/`);
    else
      yield {
        path: sentPath(path),
        file: await new Promise<File>((resolve, reject) =>
          (entry as FileSystemFileEntry).file(resolve, reject),
        ),
      };
  }
}

/** A folder is read in portions until there is none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** The path as a key takes it: no control characters, no longer than it may be. */
export function sentPath(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const visible = path.replace(/[\u0000-\u001f\u007f]/g, (character) =>
    String.fromCharCode(character === '\u007f' ? 0x2421 : CONTROL_PICTURES + character.charCodeAt(0)),
  );
  if (new TextEncoder().encode(visible).length <= MAXIMUM_BYTES) return visible;
  const characters = [...visible];
  const end = characters.slice(-KEPT_CHARACTERS).join('').replace(/^\/+/, '');
  return `${hashOf(visible)}…${end}`;
}

/** Keeps two long paths apart (FNV-1a over 32 bits, and the length). */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return `${(hash >>> 0).toString(16)}-${text.length}`;
}
