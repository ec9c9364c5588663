/**
 * The S3 server in a process of its own, so that tests can kill it and measure it. Arguments: the folder, and `deaf` for queues
 * that never take an event. Says its endpoint and every delivered event over IPC.
 */
import { localServer } from './under-test.ts';

const [dir = '', mode = ''] = process.argv.slice(2);
const server = await localServer(dir, {
  deliver: ({ body }) => {
    if (mode === 'deaf') throw new Error('the queue takes nothing');
    process.send?.({ event: body });
  },
});
server.createBucket({
  name: 'vault',
  versioning: 'Enabled',
  kmsKeyArn: 'arn:aws:kms:eu-central-1:000000000000:key/k',
  notifications: [
    {
      id: 'uploads',
      queueArn: 'arn:aws:sqs:eu-central-1:000000000000:parse',
      events: ['s3:ObjectCreated:*'],
      prefix: 'uploads/',
    },
  ],
});
server.createBucket({ name: 'library' });
process.send?.({ endpoint: server.endpoint });
