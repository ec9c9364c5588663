/**
 * Starts a server module in a child process and collects what it says.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ServerProcess {
  readonly endpoint: string;
  /** Bodies of the events it delivered so far. */
  readonly events: string[];
  readonly process: ChildProcess;
  /** Ends it as a power cut would; resolves when it is gone. */
  kill(): Promise<void>;
}

export async function spawnServer(module: string, ...args: string[]): Promise<ServerProcess> {
  const child = fork(new URL(module, import.meta.url), args, { execArgv: ['--import', 'tsx'] });
  const events: string[] = [];
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.on('message', (message: { endpoint?: string; event?: string }) => {
      if (message.event !== undefined) events.push(message.event);
      if (message.endpoint !== undefined) resolve(message.endpoint);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return {
    endpoint,
    events,
    process: child,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
