/** Runs a short piece of work against the stack of a data directory, and stops the stack again if it had to be started. */
import { type Connection, connect } from './connect.ts';

export async function withConnection<T>(
  dataDir: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect({ dataDir, log: (line) => process.stderr.write(`${line}\n`) });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
