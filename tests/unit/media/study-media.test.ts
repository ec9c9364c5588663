import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instanceKey } from '../../../shared/contract/names.ts';
import { characterSetOf } from '../../../shared/dicom/character-set/character-set.ts';
import {
  encodeText,
  type NewElement,
  readPart10,
  referencedFiles,
  type Tag,
  type VR,
} from '../../../shared/dicom/index.ts';
import { metadataLines } from '../../../shared/dicomweb/metadata-lines.ts';
import { type MediaReader, mediaBytes } from '../../../shared/media/media-bytes.ts';
import { openStudyMedia } from '../../../shared/media/open-study-media.ts';
import { recordTypeOf } from '../../../shared/media/record-type.ts';
import { MR_IMAGE, makeInstance } from '../../helpers/instance.ts';
import { type MemoryStore, memoryStore } from '../../helpers/memory-store.ts';
import { readZip } from '../../helpers/read-zip.ts';
import { storeStudy } from '../../helpers/stored-study.ts';

const STUDY = '2.25.1';
const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const UTF_8 = characterSetOf(['ISO_IR 192']);

const text = (tag: Tag, vr: VR, value: string): NewElement => ({
  tag,
  vr,
  value: encodeText(value, vr, UTF_8),
});
const sequence = (tag: Tag, ...items: NewElement[][]): NewElement => ({ tag, vr: 'SQ', value: items });
const code = (tag: Tag, meaning: string) =>
  sequence(tag, [
    text(0x00080100, 'SH', '1'),
    text(0x00080102, 'SH', 'DCM'),
    text(0x00080104, 'LO', meaning),
  ]);
const item = (relationship: string, name: string) => [
  text(0x0040a010, 'CS', relationship),
  text(0x0040a040, 'CS', 'CODE'),
  code(0x0040a043, name),
  code(0x0040a168, 'value'),
];

const REFERENCED_SERIES = sequence(0x00081115, [
  sequence(0x00081140, [text(0x00081150, 'UI', MR_IMAGE), text(0x00081155, 'UI', '2.25.1.1.1')]),
  text(0x0020000e, 'UI', '2.25.1.1'),
]);

/** One instance of each kind, the images of one series together. */
const KINDS: [sopClass: string, more: NewElement[]][] = [
  [
    `${STORAGE}88.33`,
    [
      text(0x00080023, 'DA', '20240102'),
      text(0x00080033, 'TM', '101112'),
      text(0x0040a491, 'CS', 'COMPLETE'),
      text(0x0040a493, 'CS', 'UNVERIFIED'),
      code(0x0040a043, 'Befund Größe'),
      sequence(0x0040a730, item('HAS CONCEPT MOD', 'Language'), item('CONTAINS', 'Secret finding')),
    ],
  ],
  [`${STORAGE}88.59`, [code(0x0040a043, 'Of Interest')]],
  [
    `${STORAGE}11.1`,
    [
      text(0x00700080, 'CS', 'MARKS'),
      text(0x00700082, 'DA', '20240102'),
      text(0x00700083, 'TM', '101112'),
      REFERENCED_SERIES,
    ],
  ],
  [`${STORAGE}9.1.1`, [text(0x00080023, 'DA', '20240102')]],
  [`${STORAGE}104.1`, [text(0x00420010, 'ST', 'Title'), text(0x00420012, 'LO', 'application/pdf')]],
  [`${STORAGE}481.2`, [text(0x3004000a, 'CS', 'PLAN')]],
  [`${STORAGE}481.3`, [text(0x30060002, 'SH', 'LABEL')]],
  [`${STORAGE}481.5`, [text(0x300a0002, 'SH', 'LABEL')]],
  [`${STORAGE}66`, []],
  [`${STORAGE}66.1`, []],
  [`${STORAGE}66.4`, []],
  [`${STORAGE}67`, []],
  ['1.2.3.4', []],
];

function objects(): Uint8Array[] {
  const description = [text(0x00080005, 'CS', 'ISO_IR 192'), text(0x00081030, 'LO', 'Колено слева')];
  const images = [3, 1, 2].map((number) =>
    makeInstance({
      study: STUDY,
      series: '2.25.1.1',
      instance: `2.25.1.1.${number}`,
      number,
      transferSyntax: number === 2 ? '1.2.840.10008.1.2' : '1.2.840.10008.1.2.1',
      with: description,
    }),
  );
  const others = KINDS.map(([sopClass, more], index) =>
    makeInstance({
      study: STUDY,
      series: `2.25.1.${index + 2}`,
      instance: `2.25.1.${index + 2}.1`,
      sopClass,
      // De-identification may have emptied both.
      without: index === 3 ? [0x00200011, 0x00200013] : [],
      with: [...description, text(0x00080060, 'CS', 'OT'), ...more],
    }),
  );
  return [...images, ...others];
}

function readerOf(library: MemoryStore): MediaReader {
  return {
    read: async (key, range) => (await library.read({ key }, range)).bytes,
    stream: (key, range) => library.stream({ key }, range),
  };
}
async function opened(library: MemoryStore) {
  return openStudyMedia(STUDY, readerOf(library), metadataLines);
}
async function bytesOf(library: MemoryStore, start?: number, end?: number): Promise<Buffer> {
  const media = await opened(library);
  const pieces = [];
  for await (const piece of mediaBytes(media, start ?? 0, end ?? media.archive.length, readerOf(library)))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

const folder = mkdtempSync(join(tmpdir(), 'filmroom-media-'));
const library = memoryStore('library');
const made = objects();
let whole: Buffer;
beforeAll(async () => {
  await storeStudy(library, STUDY, made);
  whole = await bytesOf(library);
  for (const { name, bytes } of await readZip(whole)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = (tool: string, ...parameters: string[]) =>
  spawnSync(tool, parameters, { encoding: 'utf8', cwd: folder });

describe('a study as a medium', () => {
  it('has DICOMDIR, INDEX.HTM and README.TXT at its root, and every instance below DICOM under a name of eight signs at most', async () => {
    const names = (await readZip(whole)).map(({ name }) => name);
    expect(names.slice(0, 4)).toEqual(['DICOMDIR', 'INDEX.HTM', 'README.TXT', 'DICOM/SE000001/IM000001']);
    expect(names).toHaveLength(3 + made.length);
    for (const component of names.slice(3).flatMap((name) => name.split('/')))
      expect(component).toMatch(/^[A-Z0-9_]{1,8}$/);
    expect(new Set(names).size).toBe(names.length);
  });

  it('holds each instance byte by byte', async () => {
    const files = await readZip(whole);
    const stored = made.map((bytes) => Buffer.from(bytes).toString('base64')).sort();
    expect(
      files
        .slice(3)
        .map(({ bytes }) => Buffer.from(bytes).toString('base64'))
        .sort(),
    ).toEqual(stored);
  });

  it('refers to each file by its place and its UID', () => {
    const referred = [...referencedFiles(readPart10(readFileSync(join(folder, 'DICOMDIR'))))];
    expect(referred).toHaveLength(made.length);
    for (const { fileId, instance } of referred) {
      const { dataSet } = readPart10(readFileSync(join(folder, fileId)));
      expect(dataSet.uid(0x00080018)).toBe(instance);
    }
  });

  it('says nothing of a report but what its title is', () => {
    const directory = readFileSync(join(folder, 'DICOMDIR'), 'utf8');
    expect(directory).toContain('Befund Größe');
    expect(directory).toContain('Language');
    expect(directory).not.toContain('Secret finding');
  });

  it('is the same by ranges as in one, and another revision where an instance is another', async () => {
    const middle = Math.floor(whole.length / 2);
    expect((await bytesOf(library, 100, middle)).equals(whole.subarray(100, middle))).toBe(true);
    expect((await bytesOf(library, middle)).equals(whole.subarray(middle))).toBe(true);
    const { revision } = await opened(library);
    expect((await opened(library)).revision).toBe(revision);
    const other = memoryStore('library');
    await storeStudy(other, STUDY, [
      ...made.slice(1),
      makeInstance({ study: STUDY, series: '2.25.1.1', instance: '2.25.1.1.3', rows: 9 }),
    ]);
    expect((await opened(other)).revision).not.toBe(revision);
  });

  it('is broken off where an instance is gone or has other bytes than its checksum says', async () => {
    const key = instanceKey({ study: STUDY, series: '2.25.1.1', instance: '2.25.1.1.1' });
    const other = memoryStore('library');
    await storeStudy(other, STUDY, made);
    const { bytes } = other.objects.get(key)!;
    await other.put(
      key,
      bytes.map((byte) => byte ^ 1),
    );
    await expect(bytesOf(other)).rejects.toThrow('not what the summary');
    await other.put(key, bytes.subarray(1));
    await expect(bytesOf(other)).rejects.toThrow('not what the summary');
  });

  it('reads an instance to know its checksum where that was not kept', async () => {
    const other = memoryStore('library');
    const summary = await storeStudy(other, STUDY, made);
    const { gzipSync } = await import('node:zlib');
    const series = summary.series.map((one) => ({
      ...one,
      instances: one.instances.map((instance) => ({ ...instance, crc32: null })),
    }));
    await other.put(`studies/${STUDY}/summary.json.gz`, gzipSync(JSON.stringify({ ...summary, series })));
    expect((await bytesOf(other)).equals(whole)).toBe(true);
  });

  it.each([
    [MR_IMAGE, 'IMAGE'],
    [`${STORAGE}88.67`, 'SR DOCUMENT'],
    [`${STORAGE}481.23`, 'IMAGE'],
    [`${STORAGE}481.12`, 'RADIOTHERAPY'],
    [`${STORAGE}77.1.5.3`, 'STEREOMETRIC'],
    [`${STORAGE}77.1.6`, 'IMAGE'],
    ['1.2.840.10008.5.1.4.34.7', 'PLAN'],
  ])('has for an instance of %s a record %s', (sopClass, type) => {
    expect(recordTypeOf(sopClass)).toBe(type);
  });
});

const hasDcmtk = spawnSync('dcmdump', ['--version']).status === 0;
describe.skipIf(!hasDcmtk)(`dcmtk${hasDcmtk ? '' : ' (skipped: it is not installed)'}`, () => {
  it('reads the DICOMDIR and finds every file that it refers to', () => {
    const { status, stdout, stderr } = run('dcmdump', '+P', '0004,1500', '+s', 'DICOMDIR');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const files = [...stdout.matchAll(/\(0004,1500\) CS \[([^\]]+)\]/g)].map(([, id]) =>
      (id ?? '').replaceAll('\\', '/'),
    );
    expect(files).toHaveLength(made.length);
    for (const file of files) expect(existsSync(join(folder, file))).toBe(true);
  });

  it('takes the files for a file-set of its own', () => {
    const images = ['DICOM/SE000001/IM000001', 'DICOM/SE000001/IM000002', 'DICOM/SE000001/IM000003'];
    const { status, stderr } = run('dcmmkdir', '+D', 'OTHER', '+I', '-Nxc', '-Nec', '-Nrc', ...images);
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });
});

const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import pydicom']).status === 0,
);
describe.skipIf(python === undefined)(`pydicom${python ? '' : ' (skipped: it is not installed)'}`, () => {
  const PROGRAM = `
import sys, json, warnings
from pydicom.fileset import FileSet
fs = FileSet("DICOMDIR")
out = []
for i in fs:
    ds = i.load()
    assert ds.SOPInstanceUID == i.SOPInstanceUID
    assert ds.file_meta.TransferSyntaxUID == i.ReferencedTransferSyntaxUIDInFile
    out.append([i.node.record_type, str(i.SOPInstanceUID), i.PatientID, i.StudyInstanceUID, i.SeriesInstanceUID, str(i.StudyDescription)])
print(json.dumps([fs.ID, out]))`;

  it('reads the file-set by its offsets and loads every instance with its patient, study and series', () => {
    const { stdout, stderr } = run(python!, '-W', 'ignore', '-W', 'error::UserWarning', '-c', PROGRAM);
    expect(stderr).toBe('');
    const [id, instances] = JSON.parse(stdout) as [string, string[][]];
    expect(id).toBe('FILMROOM');
    expect(instances.map(([, uid]) => uid).sort()).toEqual(
      made.map((bytes) => readPart10(bytes).dataSet.uid(0x00080018)).sort(),
    );
    // Series without a number come last, equal numbers in the order of their UIDs.
    expect(instances.map(([type]) => type)).toEqual([
      ...[
        'IMAGE',
        'IMAGE',
        'IMAGE',
        'RAW DATA',
        'REGISTRATION',
        'IMAGE',
        'VALUE MAP',
        'IMAGE',
        'SR DOCUMENT',
      ],
      ...[
        'KEY OBJECT DOC',
        'PRESENTATION',
        'ENCAP DOC',
        'RT DOSE',
        'RT STRUCTURE SET',
        'RT PLAN',
        'WAVEFORM',
      ],
    ]);
    expect(instances.map(([, uid]) => uid).slice(0, 3)).toEqual(['2.25.1.1.1', '2.25.1.1.2', '2.25.1.1.3']);
    expect(new Set(instances.map((instance) => instance[5]))).toEqual(new Set(['Колено слева']));
  });
});

const hasDciodvfy = spawnSync('dciodvfy', ['-version']).error === undefined;
describe.skipIf(!hasDciodvfy)(`dciodvfy${hasDciodvfy ? '' : ' (skipped: it is not installed)'}`, () => {
  it('finds no error in the DICOMDIR', () => {
    const { stderr } = run('dciodvfy', 'DICOMDIR');
    expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
  });
});
