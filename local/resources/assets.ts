/** Files of the cloud assembly: directories are used where they stand, archives are unpacked once. */
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzip } from '../assembly/unzip.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Platform } from './platform.ts';

/** The directory of an asset, by the key that the template knows it under. */
export async function unpackedAsset(
  key: string,
  { assets, dataDir }: Pick<Platform, 'assets' | 'dataDir'>,
): Promise<string> {
  const path = assets.get(key);
  if (path === undefined) throw new TemplateError(`the assembly has no asset ${key}`);
  if ((await stat(path)).isDirectory()) return path;
  const unpacked = join(dataDir, 'assets', basename(path));
  if ((await stat(unpacked).catch(() => undefined)) !== undefined) return unpacked;
  const fresh = `${unpacked}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await unzip(path, fresh);
  await rename(fresh, unpacked);
  return unpacked;
}
