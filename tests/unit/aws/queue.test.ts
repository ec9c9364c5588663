import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueue } from '../../../shared/aws/queue.ts';
import { openSecret } from '../../../shared/aws/secret.ts';
import { type LocalAws, startLocalAws } from '../../helpers/local-aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

describe('a queue', () => {
  it('takes more messages than fit into one request', async () => {
    const { url } = aws.sqs.createQueue('many');
    const outcomes = await openQueue(url)(Array.from({ length: 25 }, (_, number) => ({ number })));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(25).fill('fulfilled'));
    const bodies = [1, 2, 3]
      .flatMap(() => aws.sqs.receive('many', { max: 10 }))
      .map(({ body }) => JSON.parse(body).number);
    expect(bodies.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, number) => number));
  });

  it('holds messages back as long as it was told', async () => {
    const { url } = aws.sqs.createQueue('later');
    await openQueue(url, { delaySeconds: 900 })([{ a: 1 }]);
    expect(aws.sqs.receive('later')).toEqual([]);
    expect(aws.sqs.depths().later).toMatchObject({ delayed: 1 });
  });

  it('says of every message of a request that failed that it was not taken', async () => {
    const { url } = aws.sqs.createQueue('here');
    const outcomes = await openQueue(url.replace('/here', '/gone'))([{ a: 1 }, { a: 2 }]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('takes nothing, and asks nothing, for no messages', async () => {
    expect(await openQueue('http://127.0.0.1:1/none')([])).toEqual([]);
  });
});

describe('a secret', () => {
  it('is read once, and again after a reading that failed', async () => {
    const { createServer } = await import('node:http');
    let asked = 0;
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        const fails = ++asked === 1;
        response.writeHead(fails ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(
          JSON.stringify(
            fails ? { __type: 'ResourceNotFoundException' } : { SecretString: 'of the deployment' },
          ),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = `http://127.0.0.1:${port}`;
    try {
      const read = openSecret('arn:aws:secretsmanager:eu-central-1:000000000000:secret:x');
      await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      expect(await Promise.all([read(), read()])).toEqual(['of the deployment', 'of the deployment']);
      expect(asked).toBe(2);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER;
      server.close();
      server.closeAllConnections();
    }
  });
});
