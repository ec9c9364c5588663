import { startS3 } from '../start-s3.ts';

const credentials = (id: string) =>
  id === 'AK'
    ? { secret: 'SK', principal: { arn: 'arn:aws:iam::000000000000:user/op', name: 'op' } }
    : undefined;
const t = performance.now();
const s3 = await startS3({
  dir: process.argv[2]!,
  region: 'eu-central-1',
  account: '000000000000',
  credentials,
  authorize: () => {},
  deliver: () => {},
});
console.log('start ms', performance.now() - t);
const kms = 'arn:aws:kms:eu-central-1:000000000000:key/k';
s3.createBucket({
  name: 'kms',
  versioning: 'Enabled',
  kmsKeyArn: kms,
  notifications: [{ queueArn: 'arn:aws:sqs:eu-central-1:000000000000:q', events: ['s3:ObjectCreated:*'] }],
});
s3.createBucket({ name: 'plain' });
console.log(s3.endpoint);
let cpu = process.cpuUsage();
let max = 0;
setInterval(() => {
  max = Math.max(max, process.memoryUsage().rss);
}, 50).unref();
process.on('message', (m) => {
  if (m === 'reset') {
    cpu = process.cpuUsage();
    max = 0;
  }
  if (m === 'cpu') {
    const c = process.cpuUsage(cpu);
    process.send!({ cpu: (c.user + c.system) / 1000, rss: max / 2 ** 20 });
  }
  if (m === 'end') s3.close().then(() => process.exit());
});
