/** Reads a request's body up to a limit. */
import type { IncomingMessage } from 'node:http';

/** The body, or undefined when it is longer than the limit; the rest is then read and dropped. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return length > limit ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}
