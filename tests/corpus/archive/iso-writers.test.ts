/** Images of the writers that people use, read by ours and compared with what went into them. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIsoSlice, surveyIso } from '../../../shared/archive/iso/survey.ts';
import { ARCHIVE_LIMITS } from '../../../shared/archive/limits.ts';
import { rangedSource } from '../../helpers/ranged.ts';

const folder = mkdtempSync(join(tmpdir(), 'filmroom-iso-'));
const tree = join(folder, 'tree');
const files = new Map<string, Buffer>();

beforeAll(() => {
  const add = (path: string, bytes: Buffer) => {
    files.set(path, bytes);
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), bytes);
  };
  add('DICOMDIR', randomBytes(900));
  add('EMPTY.TXT', Buffer.alloc(0));
  for (let series = 0; series < 4; series++)
    for (let image = 0; image < 90; image++)
      add(
        `DICOM/ST000000/SE00000${series}/IM${String(image).padStart(6, '0')}`,
        randomBytes(100 + image * 61),
      );
  add('DICOM/LARGE', randomBytes(5 << 20));
  // The writers store equal inodes once.
  linkSync(join(tree, 'DICOM/LARGE'), join(tree, 'DICOM/TWIN'));
  files.set('DICOM/TWIN', files.get('DICOM/LARGE') as Buffer);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function contentsOf(image: Buffer): Promise<Map<string, Buffer>> {
  const source = rangedSource(image);
  const survey = await surveyIso(source, ARCHIVE_LIMITS, { maximumEntries: 100, maximumBytes: 1e9 });
  const found = new Map<string, Buffer>();
  for (const slice of survey.slices)
    for (const { name, extents } of await readIsoSlice(source, slice)) {
      const pieces = extents.map(({ start, length }) => image.subarray(start, start + length));
      found.set(name, Buffer.concat(pieces));
    }
  expect(found.size).toBe(survey.files);
  return found;
}

/** To compare megabytes byte by byte in a matcher takes minutes. */
const digests = (contents: ReadonlyMap<string, Buffer>) =>
  Object.fromEntries(
    [...contents].map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
  );

const WRITERS = [
  ['genisoimage', '/usr/bin/genisoimage', []],
  ['xorriso', '/usr/bin/xorriso', ['-as', 'mkisofs']],
] as const;
const KINDS = [
  ['level 1', ['-iso-level', '1']],
  ['level 2', ['-iso-level', '2']],
  ['level 3', ['-iso-level', '3']],
  ['Joliet', ['-J']],
  ['Rock Ridge and Joliet', ['-R', '-J']],
  ['Rock Ridge alone', ['-R', '-iso-level', '1']],
] as const;

describe.each(WRITERS)('%s', (writer, binary, first) => {
  const isThere = existsSync(binary);
  it.skipIf(!isThere).each(KINDS)(
    `${isThere ? '' : `(skipped: ${binary} is not here) `}writes a disk of %s, of which every file is read`,
    async (kind, options) => {
      const image = join(folder, `${writer} ${kind}.iso`);
      const { status, stderr } = spawnSync(binary, [...first, ...options, '-quiet', '-o', image, tree]);
      expect(status, String(stderr)).toBe(0);
      expect(digests(await contentsOf(readFileSync(image)))).toEqual(digests(files));
    },
  );

  it.skipIf(!isThere)('writes names that people give, in Joliet', async () => {
    const named = join(folder, `named ${writer}`);
    const name = 'Ünter suchung/a rather long name, 日本.dcm';
    mkdirSync(dirname(join(named, name)), { recursive: true });
    writeFileSync(join(named, name), 'x');
    const image = join(folder, `${writer} names.iso`);
    const options = ['-J', '-joliet-long', '-input-charset', 'utf-8'];
    expect(spawnSync(binary, [...first, ...options, '-quiet', '-o', image, named]).status).toBe(0);
    expect([...(await contentsOf(readFileSync(image))).keys()]).toEqual([name]);
  });
});
