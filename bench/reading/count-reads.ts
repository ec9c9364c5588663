/** Runs a route as it is deployed, in this process, over a library that counts: requests to S3 and bytes that they bring. */
import type { DicomwebAnswer } from '../../shared/dicomweb/answer.ts';
import type { Library } from '../../shared/dicomweb/library.ts';
import { libraryRoutes } from '../../shared/dicomweb/routes/reading.ts';
import type { HttpRequest, Route } from '../../shared/runtime/http-handler.ts';

export interface Reads {
  readonly requests: number;
  readonly bytes: number;
  /** Of the answer. */
  readonly sent: number;
}

/** What a GET of the route's path costs S3. */
export async function countReads(
  library: Library,
  path: string,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<Reads> {
  let [requests, bytes, sent] = [0, 0, 0];
  const counting: Library = {
    read: async (at, range) => {
      const found = await library.read(at, range);
      requests++;
      bytes += found.bytes.length;
      return found;
    },
    stream: async (at, range) => {
      requests++;
      const pieces = await library.stream(at, range);
      return (async function* () {
        for await (const piece of pieces) {
          bytes += piece.length;
          yield piece;
        }
      })();
    },
  };
  const route = libraryRoutes('/dicomweb', counting).find(
    (one) => one.path === path,
  ) as Route<DicomwebAnswer>;
  const { body } = await route.answer({
    method: 'GET',
    parameters,
    query: new URLSearchParams(),
    header: (name: string) => headers[name],
    cookie: () => undefined,
    address: undefined,
    run: 'bench',
    base: '',
    caller: { kind: 'nobody' },
  } as unknown as HttpRequest);
  if (typeof body === 'object' && Symbol.asyncIterator in body)
    for await (const piece of body) sent += piece.length;
  else sent = body?.length ?? 0;
  return { requests, bytes, sent };
}
