/** The page a hospital sends images with: takes the token from the address, sends what is dropped, shows what became of it. */
import { byId } from './link-page/dom.ts';
import { Refused, uploadsApi } from './upload-page/api.ts';
import { type ChosenFile, chosenFiles, droppedFiles } from './upload-page/dropped-files.ts';
import { forgetUpload, rememberedUpload, rememberUpload } from './upload-page/remembered.ts';
import { type Sent, startSender, type UploadSender } from './upload-page/sender.ts';
import { forgetToken, takeToken } from './upload-page/token.ts';
import {
  hideProgress,
  type NamedItem,
  showPage,
  showProgress,
  showRefusal,
  showResult,
} from './upload-page/view.ts';

/** Seconds over which the rate is taken. */
const RATE_SECONDS = 8;
const PAINT_MS = 250;
const FIRST_ASK_MS = 1_000;
const LONGEST_ASK_MS = 15_000;
/** Files that are named; more are counted. */
const NAMED = 500;
const LOST = 'The connection is lost. The page waits for it and goes on by itself; nothing is lost.';

const REFUSALS: Readonly<Record<string, readonly [title: string, text: string]>> = {
  'no-token': [
    'Please open the address you were given',
    'This page sends images with a token that stands in its address. Open it again from the message you received.',
  ],
  'unknown-token': [
    'This address does not open the film room',
    'It may have been copied incompletely. Please open it again from the message you received.',
  ],
  expired: ['This address has expired', 'Please ask the department that sent it for another one.'],
  revoked: [
    'This address was withdrawn',
    'Please ask the department that sent it if you still have images to send.',
  ],
  'token-limit': [
    'More may not be sent with this address',
    'It was made for a certain amount of images, and that has been sent. Please ask for another one.',
  ],
};

interface Delivered {
  readonly upload: string;
  /** Files that could not be read on this computer. */
  readonly unread: readonly string[];
}

const token = takeToken();
if (token === undefined) refuse('no-token');
else start(token);

function refuse(reason: string): void {
  const [title, text] = REFUSALS[reason] ?? [
    'The upload cannot go on',
    `The film room answers “${reason}”. Please tell the department that sent you this address.`,
  ];
  showRefusal(title, text, reason);
}

function start(secret: string): void {
  let trouble: string | undefined;
  const api = uploadsApi(secret, (isThere) => {
    trouble = isThere ? undefined : LOST;
  });
  const weather = (isThere: boolean) => {
    trouble = isThere ? undefined : LOST;
  };
  let isOver = false;
  /** What the delivery that is going on is given more by. */
  let add: ((files: AsyncGenerator<ChosenFile>) => void) | undefined;

  const take = (files: AsyncGenerator<ChosenFile>) => {
    if (isOver) return;
    if (add) {
      add(files);
      return;
    }
    deliver(files)
      .then(followed)
      .catch((error: unknown) => {
        isOver = true;
        const reason = error instanceof Refused ? error.reason : 'an error of this page';
        if (['expired', 'revoked', 'unknown-token'].includes(reason)) forgetToken();
        refuse(reason);
      });
  };

  async function deliver(first: AsyncGenerator<ChosenFile>): Promise<Delivered> {
    byId('result').hidden = true;
    const waiting = [first];
    add = (files) => waiting.push(files);
    const counts = { files: 0, sentFiles: 0, bytes: 0, sentBytes: 0, rate: 0, isCounting: true };
    const rate = rateKeeper();
    const paint = () => showProgress({ ...counts, rate: rate(counts.sentBytes) }, trouble);
    paint();
    const painting = setInterval(paint, PAINT_MS);
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    const awake = await stayAwake();
    try {
      const remembered = rememberedUpload() ?? rememberUpload(await api.open());
      const { upload } = remembered;
      const sender = startSender({
        api,
        upload,
        weather,
        remembered,
        onBytes: (bytes) => {
          counts.sentBytes += bytes;
        },
      });
      const sent: Sent[] = [];
      const unread: string[] = [];
      for (let files = waiting.shift(); files; files = waiting.shift()) {
        counts.isCounting = true;
        await sendAll(files, sender, counts, sent, unread);
      }
      await sender.close(sent);
      forgetUpload();
      return { upload, unread };
    } finally {
      add = undefined;
      clearInterval(painting);
      removeEventListener('beforeunload', warn);
      await awake?.release();
    }
  }

  async function followed({ upload, unread }: Delivered): Promise<void> {
    hideProgress();
    let pause = FIRST_ASK_MS;
    for (;;) {
      const summary = await api.summary(upload);
      // Another delivery has begun and shows itself.
      if (add !== undefined) return;
      const items = summary.settled ? await namedItems(upload) : [];
      showResult({ summary, unread, items });
      if (summary.settled) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(LONGEST_ASK_MS, pause * 1.3);
    }
  }

  async function namedItems(upload: string): Promise<NamedItem[]> {
    const found: NamedItem[] = [];
    let next: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof api.items>> = await api.items(upload, next);
      for (const { path, state, reason } of page.items)
        if (state === 'quarantined' || state === 'ignored')
          found.push({ path, state, reason: (reason ?? '').replaceAll('-', ' ') });
      next = page.next;
    } while (next !== null && found.length < NAMED);
    return found.slice(0, NAMED);
  }

  showPage({
    onDrop: (transfer) => take(droppedFiles(transfer)),
    onChoose: (list) => take(chosenFiles(list)),
  });
}

async function sendAll(
  files: AsyncGenerator<ChosenFile>,
  sender: UploadSender,
  counts: { files: number; sentFiles: number; bytes: number; isCounting: boolean },
  sent: Sent[],
  unread: string[],
): Promise<void> {
  const taken = new Set(sent.map(({ path }) => path));
  const sending: Promise<void>[] = [];
  let failure: unknown;
  for await (const chosen of files) {
    const file = { ...chosen, path: uniquePath(chosen.path, taken) };
    counts.files += 1;
    counts.bytes += file.file.size;
    const call = sender.send(file).then(
      (facts) => {
        sent.push(facts);
        counts.sentFiles += 1;
      },
      (error: unknown) => {
        // A file that is gone or locked is named; anything else ends the delivery.
        if (!(error instanceof DOMException)) failure ??= error;
        else {
          unread.push(file.path);
          counts.bytes -= file.file.size;
          counts.files -= 1;
        }
      },
    );
    sending.push(call);
    if (failure) break;
  }
  counts.isCounting = false;
  await Promise.all(sending);
  if (failure) throw failure;
}

function uniquePath(path: string, taken: Set<string>): string {
  let unique = path;
  for (let count = 2; taken.has(unique); count++) unique = `${path}~${count}`;
  taken.add(unique);
  return unique;
}

/** Bytes a second over the last seconds. */
function rateKeeper(): (bytes: number) => number {
  const samples: { at: number; bytes: number }[] = [];
  return (bytes) => {
    const now = performance.now();
    samples.push({ at: now, bytes });
    while (samples.length > 2 && now - (samples[0]?.at ?? now) > RATE_SECONDS * 1000) samples.shift();
    const [first] = samples;
    const seconds = (now - (first?.at ?? now)) / 1000;
    return seconds < 1 ? 0 : Math.max(0, (bytes - (first?.bytes ?? 0)) / seconds);
  };
}

/** A computer that falls asleep sends nothing; not every browser can be asked to stay awake. */
async function stayAwake(): Promise<{ release(): Promise<void> } | undefined> {
  try {
    return await navigator.wakeLock?.request('screen');
  } catch {
    return undefined;
  }
}
