/** A process that runs a stack until it is killed: `kill-child.ts <assembly> <data directory>`. Says when it is ready. */
import { startLocal } from '../../../local/start.ts';

const [assembly = '', dataDir = ''] = process.argv.slice(2);
const stack = await startLocal({ assembly, dataDir, retryAfterSeconds: 1, log: console.error });
console.log(JSON.stringify({ outputs: stack.outputs, operator: stack.operator, endpoints: stack.endpoints }));
setInterval(() => console.log(JSON.stringify({ queues: stack.queues() })), 100);
