/**
 * The part of the large-object bench that is measured: the handler of `deidentify`, as it is deployed, for one message. Prints
 * its peak memory and how many bytes of bodies it sent and received.
 */
import { handler } from '../../functions/deidentify/handler.ts';
import { s3 } from '../../shared/aws/clients.ts';

let sent = 0;
let received = 0;
let requests = 0;

s3().middlewareStack.add(
  (next) => async (args) => {
    const { body } = args.request as { body?: unknown };
    requests++;
    if (body instanceof Uint8Array || typeof body === 'string') sent += body.length;
    const result = await next(args);
    const { headers } = result.response as { headers?: Record<string, string> };
    // A HEAD tells the length of a body that it does not have.
    const isHead = (args.request as { method?: string }).method === 'HEAD';
    received += isHead ? 0 : Number(headers?.['content-length'] ?? 0);
    return result;
  },
  { step: 'deserialize' },
);

const message = process.argv[2] ?? '';
const began = performance.now();
handler(
  { Records: [{ messageId: 'm', body: message }] },
  { awsRequestId: 'bench', getRemainingTimeInMillis: () => 300_000 },
).then(({ batchItemFailures }) => {
  const seconds = (performance.now() - began) / 1000;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  console.log(
    `measured ${JSON.stringify({ failed: batchItemFailures.length, seconds, peakMiB, sent, received, requests })}`,
  );
});
