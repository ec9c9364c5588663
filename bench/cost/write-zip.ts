/** A folder of files as one ZIP archive, deflated. */
import { createWriteStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Writes the archive and returns its path. */
export async function writeZip(folder: string, path: string): Promise<string> {
  const zip = new ZipFile();
  for (const name of readdirSync(folder).sort()) zip.addFile(join(folder, name), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}
