/** Unpacks a ZIP archive that CDK itself made: stored and deflated entries, no encryption, no ZIP64. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** Writes every file of the archive under the folder. */
export async function unzip(archive: string, folder: string): Promise<void> {
  const bytes = await readFile(archive);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw new Error(`${archive} is not a ZIP archive`);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry += 1) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`${archive} has a broken directory`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    );
    const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength as number));
    if (!name.endsWith('/')) await writeEntry(bytes, at, resolve(folder, name), folder);
    at += 46 + (nameLength as number) + (extraLength as number) + (commentLength as number);
  }
}

async function writeEntry(bytes: Buffer, at: number, file: string, folder: string): Promise<void> {
  if (!file.startsWith(resolve(folder) + sep)) throw new Error('an entry of the archive lies outside of it');
  const method = bytes.readUInt16LE(at + 10);
  const size = bytes.readUInt32LE(at + 20);
  const local = bytes.readUInt32LE(at + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + size);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, method === 0 ? packed : inflateRawSync(packed));
}
