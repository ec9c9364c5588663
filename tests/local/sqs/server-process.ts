/**
 * The SQS server in a process of its own, so that tests can kill it. Argument: the folder. Says its endpoint over IPC.
 */
import { localServer } from './under-test.ts';

const server = await localServer(process.argv[2] ?? '');
server.createQueue('dead');
server.createQueue('q', {
  VisibilityTimeout: 600,
  RedrivePolicy: {
    deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:000000000000:dead',
    maxReceiveCount: 3,
  },
});
process.send?.({ endpoint: server.endpoint });
