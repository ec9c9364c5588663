/** What is rewritten without an edit is the same data set, byte for byte, and other readers accept it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concatSegments, type Part10, readPart10, splice } from '../../../shared/dicom/index.ts';
import { described } from '../../unit/dicom/extents.ts';
import { metaOf } from '../../unit/dicom/meta.ts';
import { ACCEPTED, HAS_CORPUS, readCorpusFile, WITHOUT_CORPUS } from './corpus-files.ts';

function rewritten(part10: Part10, source: Uint8Array, descend: boolean): Uint8Array {
  const edit = ({ items }: { items: unknown }) =>
    descend && items !== undefined ? ({ kind: 'items' } as const) : ({ kind: 'keep' } as const);
  return concatSegments(splice(part10, { edit }, metaOf(part10)), source);
}

function dataSetBytes(part10: Part10, source: Uint8Array): Buffer {
  const bytes = part10.inflated ?? source;
  const last = part10.dataSet.elements.at(-1);
  return Buffer.from(bytes.subarray(part10.dataSet.elements[0]?.start, last?.end));
}

describe.skipIf(!HAS_CORPUS)(`rewriting the files of the corpus ${WITHOUT_CORPUS}`, () => {
  it.each(ACCEPTED)('%s is the same data set again', (path) => {
    const source = readCorpusFile(path);
    const part10 = readPart10(source);
    const hasGroupLengths = part10.dataSet.elements.some(({ tag }) => (tag & 0xffff) === 0);
    for (const descend of [false, true]) {
      const written = rewritten(part10, source, descend);
      const again = readPart10(written);
      expect(again.anomalies.filter((anomaly) => anomaly !== 'odd-length')).toEqual([]);
      expect(again.transferSyntax).toBe(part10.transferSyntax);
      expect(described(again.dataSet)).toEqual(described(part10.dataSet));
      if (!hasGroupLengths)
        expect(dataSetBytes(again, written).equals(dataSetBytes(part10, source))).toBe(true);
    }
  });
});

const HAS_DCMDUMP = spawnSync('dcmdump', ['--version']).status === 0;
const PYTHON = ['python3', '/usr/bin/python3'].find(
  (python) => spawnSync(python, ['-c', 'import pydicom']).status === 0,
);
const folder = mkdtempSync(join(tmpdir(), 'rewritten-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One of each kind: the slices of a series and the files of a folder are alike, and a process each takes its time. */
const KINDS = ACCEPTED.filter((path) => !/^02-series.*[1-9]\.dcm$|^11-dicomdir\/pydicom\/9/.test(path));

/** What dcmdump says of a file besides dumping it. */
function complaints(path: string): string[] {
  const { status, stderr } = spawnSync('dcmdump', ['-q', path], { encoding: 'utf8' });
  return [...new Set(stderr.split('\n'))].concat(status === 0 ? [] : [`ended with ${status}`]);
}

describe.skipIf(!HAS_CORPUS || !HAS_DCMDUMP)(
  `dcmdump ${WITHOUT_CORPUS.replace('where', 'where dcmdump or')}`,
  () => {
    it.each(KINDS)('reads %s as rewritten, and finds nothing that is not in the source', (path) => {
      const source = readCorpusFile(path);
      const [before, after] = [join(folder, 'before.dcm'), join(folder, 'after.dcm')];
      writeFileSync(before, source);
      writeFileSync(after, rewritten(readPart10(source), source, true));
      const known = complaints(before);
      expect(complaints(after).filter((complaint) => !known.includes(complaint))).toEqual([]);
    });
  },
);

const PYDICOM = `
import sys, pydicom
for path in sys.stdin.read().split('\\n'):
    try:
        sum(1 for _ in pydicom.dcmread(path).iterall())
    except Exception as error:
        print(path, type(error).__name__)
`;

describe.skipIf(!HAS_CORPUS || PYTHON === undefined)(
  `pydicom ${WITHOUT_CORPUS.replace('where', 'where pydicom or')}`,
  () => {
    it('reads every file as rewritten', () => {
      const paths = ACCEPTED.map((path, index) => {
        const source = readCorpusFile(path);
        const target = join(folder, `${index}-${path.split('/').at(-1)}`);
        writeFileSync(target, rewritten(readPart10(source), source, true));
        return target;
      });
      const failures = execFileSync(PYTHON ?? '', ['-W', 'ignore', '-c', PYDICOM], {
        input: paths.join('\n'),
        encoding: 'utf8',
      });
      // It cannot read the source of this one either.
      expect(failures.split('\n').filter((line) => line !== '' && !line.includes('GH177_D_CLUNIE'))).toEqual(
        [],
      );
    });
  },
);
