/** Reads the next small instances while one is being sent, so that a study of many slices does not wait for each of them. */
import { type InstanceUids, instanceKey } from '../contract/names.ts';
import type { Library } from './library.ts';

/** Larger instances are streamed when their turn comes. */
const SMALL = 4 * 1024 * 1024;
/** Small instances that are held or on their way: 32 MiB at most. */
const AHEAD = 8;

/** A function that opens the instance of an index; they are opened in order. */
export function readAhead(
  listed: readonly { readonly uids: InstanceUids; readonly bytes: number }[],
  library: Library,
): (index: number) => AsyncGenerator<Uint8Array> {
  const begun = new Map<number, Promise<Uint8Array>>();
  const begin = (index: number) => {
    const one = listed[index];
    if (!one || one.bytes > SMALL || begun.has(index)) return;
    const reading = library.read({ key: instanceKey(one.uids) }).then(({ bytes }) => bytes);
    // Whoever opens the instance is told; until then the failure is nobody's.
    reading.catch(() => {});
    begun.set(index, reading);
  };
  return async function* (index) {
    for (let next = index; next < index + AHEAD; next++) begin(next);
    const one = listed[index];
    if (!one) throw new RangeError('no such instance');
    const reading = begun.get(index);
    begun.delete(index);
    if (reading) yield await reading;
    else yield* await library.stream({ key: instanceKey(one.uids) });
  };
}
