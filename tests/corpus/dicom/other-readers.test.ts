/** The values of every public file, compared with what independent readers find in it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type DicomJson,
  type DicomJsonElement,
  readPart10,
  toDicomJson,
} from '../../../shared/dicom/index.ts';
import { ACCEPTED, HAS_CORPUS, readCorpusFile, WITHOUT_CORPUS } from './corpus-files.ts';
import { type DcmjsDict, type DcmjsElement, readWithDcmjs } from './dcmjs-reader.ts';

/** What dcmjs reads wrongly: it drops empty items, reads numbers out of letters and loses items of implicit VR. */
const WRONG_IN_DCMJS =
  /GH184.dcm 001[13]1001 |badVR.dcm 00280008 |bad_sequence.dcm (00080018|00189346|0020000[DE])/;
const TEXT = new Set(['AE', 'AS', 'CS', 'DA', 'DT', 'IS', 'LO', 'LT', 'SH', 'ST', 'TM', 'UI', 'UT']);
const NUMBERS = new Set(['US', 'SS', 'UL', 'SL', 'FD']);

function ours(path: string): DicomJson {
  return toDicomJson(readPart10(readCorpusFile(path)).dataSet, { maximumInlineBytes: 1e9 });
}

describe.skipIf(!HAS_CORPUS)(`values as dcmjs reads them ${WITHOUT_CORPUS}`, () => {
  it('are ours, in nearly every file', () => {
    const differences: string[] = [];
    const compared = { files: 0, values: 0 };
    for (const path of ACCEPTED) {
      const theirs = readWithDcmjs(readCorpusFile(path));
      if (theirs === undefined) continue;
      compared.files++;
      compared.values += compareWithDcmjs(ours(path), theirs, path, differences);
    }
    expect(differences.filter((difference) => !WRONG_IN_DCMJS.test(difference))).toEqual([]);
    expect(compared.files).toBeGreaterThan(180);
    expect(compared.values).toBeGreaterThan(10_000);
  });
});

function compareWithDcmjs(own: DicomJson, dict: DcmjsDict, path: string, differences: string[]): number {
  let compared = 0;
  for (const [tag, element] of Object.entries(own)) {
    const theirs = dict[tag];
    if (theirs === undefined) differences.push(`${path} ${tag} is not there`);
    else compared += compareElement(element, theirs, `${path} ${tag}`, differences);
  }
  return compared;
}

function compareElement(
  own: DicomJsonElement,
  theirs: DcmjsElement,
  path: string,
  differences: string[],
): number {
  if (own.vr === 'SQ' && theirs.vr === 'SQ') {
    let compared = 0;
    for (const [index, item] of (own.Value ?? []).entries()) {
      const other = theirs.Value?.[index];
      if (other === undefined) differences.push(`${path} item ${index + 1} is not there`);
      else
        compared += compareWithDcmjs(
          item as DicomJson,
          other as DcmjsDict,
          `${path}/${index + 1}`,
          differences,
        );
    }
    return compared;
  }
  if (own.vr !== theirs.vr || own.Value === undefined || !(TEXT.has(own.vr) || NUMBERS.has(own.vr))) return 0;
  const mine = own.Value.map((value) => String(value ?? '').trim());
  const other = (theirs.Value ?? []).map((value) =>
    String(value ?? '')
      .replace(/\0/g, '')
      .trim(),
  );
  // Text of nested data sets it decodes as Latin 1, whatever the character set is; texts of one value it splits.
  const isAscii = mine.every((value) => /^[ -[\]-~]*$/.test(value));
  if (isAscii && mine.join('\\') !== other.join('\\')) differences.push(`${path} ${mine} | ${other}`);
  return isAscii ? 1 : 0;
}

const HAS_DCM2JSON = spawnSync('dcm2json', ['--version']).status === 0;

describe.skipIf(!HAS_CORPUS || !HAS_DCM2JSON)(
  `DICOM JSON ${WITHOUT_CORPUS.replace('where', 'where dcm2json or')}`,
  () => {
    it.each([
      '01-transfer-syntax/ct-family/CTImage.dcm_BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2.dcm',
      '01-transfer-syntax/multiframe/emri_small.dcm',
      '02-series/ct-ge-20/01.dcm',
      '03-modality/rtdose.dcm',
      '03-modality/sample-sr.dcm',
      '03-modality/waveform_ecg.dcm',
      '04-charset/chrFren.dcm',
      '04-charset/chrGreek.dcm',
      '04-charset/chrX1.dcm',
      '04-charset/chrX2.dcm',
      '11-dicomdir/pydicom/DICOMDIR',
    ])('of %s is that of dcm2json', (path) => {
      const file = fileURLToPath(new URL(`../../../../shared/corpus/${path}`, import.meta.url));
      const { stdout } = spawnSync('dcm2json', [file], { encoding: 'utf8', maxBuffer: 1e9 });
      expect(comparable(ours(path))).toEqual(comparable(JSON.parse(stdout) as DicomJson));
    });
  },
);

/** Without what the two write differently: empty attributes, group lengths, pixels, character set, digits of floats. */
function comparable(json: DicomJson): DicomJson {
  const kept: DicomJson = {};
  for (const [tag, { vr, Value, InlineBinary }] of Object.entries(json)) {
    if (tag.startsWith('0002') || tag.endsWith('0000') || tag === '7FE00010' || tag === '00080005') continue;
    if (InlineBinary !== undefined) kept[tag] = { vr, InlineBinary };
    if (Value === undefined || Value.every((value) => value === null)) continue;
    if (vr === 'SQ') kept[tag] = { vr, Value: Value.map((item) => comparable(item as DicomJson)) };
    else kept[tag] = { vr, Value: vr === 'FL' ? Value.map((value) => Math.fround(Number(value))) : Value };
  }
  return kept;
}
