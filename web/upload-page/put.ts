/** One PUT to a signed address of the bucket. XMLHttpRequest, since `fetch` does not tell how far a body has come. */
import type { SignedTarget } from '../../shared/contract/api.ts';
import { patiently, Refused, type Weather } from './api.ts';

export type PutOutcome = 'stored' | 'stands' | 'gone';

/** An address that is refused so often has not expired. */
const REFUSALS = 5;
/** A connection over which nothing moves for so long is given up. */
const SILENCE_MS = 60_000;

/** Sends the bytes, asking for a fresh address when one has expired; `onProgress` hears how many have left, or were lost. */
export async function put(
  sign: () => Promise<SignedTarget>,
  bytes: ArrayBuffer,
  weather: Weather,
  onProgress: (bytes: number) => void = () => {},
): Promise<PutOutcome> {
  for (let refusals = 0; refusals < REFUSALS; refusals++) {
    const target = await sign();
    const status = await patiently(async () => {
      const answer = await send(target, bytes, onProgress);
      const isPassing = answer === 0 || answer === 400 || answer === 409 || answer === 429 || answer >= 500;
      return isPassing ? 'again' : answer;
    }, weather);
    if (status < 300) return 'stored';
    if (status === 412) return 'stands';
    if (status === 404) return 'gone';
    if (status !== 403) break;
  }
  throw new Refused('refused-by-storage');
}

/** The status of the answer, 0 where there is none. */
function send(
  target: SignedTarget,
  bytes: ArrayBuffer,
  onProgress: (bytes: number) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let told = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENCE_MS);
    };
    const tell = (sent: number) => {
      onProgress(sent - told);
      told = sent;
    };
    request.open('PUT', target.url);
    for (const [name, value] of Object.entries(target.headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) => {
      listen();
      tell(loaded);
    });
    request.addEventListener('loadend', () => {
      clearTimeout(timer);
      const isStored = request.status >= 200 && request.status < 300;
      tell(isStored || request.status === 412 ? bytes.byteLength : 0);
      resolve(request.status);
    });
    listen();
    request.send(bytes);
  });
}
