/** Every public file: read with every byte in its place, or refused for the reason that is expected. */
import { describe, expect, it } from 'vitest';
import {
  looksLikeDicom,
  type Part10,
  readPart10,
  readPart10From,
  toDicomJson,
} from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { strayBytes } from '../../unit/dicom/extents.ts';
import {
  ACCEPTED,
  ANOMALIES,
  FILES,
  HAS_CORPUS,
  REFUSED,
  readCorpusFile,
  WITHOUT_CORPUS,
} from './corpus-files.ts';

function reasonOf(read: () => unknown): string {
  try {
    read();
    return 'accepted';
  } catch (error) {
    if (isUnprocessable(error)) return error.reason;
    throw error;
  }
}

describe.skipIf(!HAS_CORPUS)(`the files of the corpus ${WITHOUT_CORPUS}`, () => {
  it('are there', () => {
    expect(FILES.length).toBeGreaterThan(200);
    expect(FILES).toEqual(expect.arrayContaining([...Object.keys(REFUSED), ...Object.keys(ANOMALIES)]));
  });

  it.each(Object.entries(REFUSED))('%s is refused as %s', (path, reason) => {
    expect(reasonOf(() => readPart10(readCorpusFile(path)))).toBe(reason);
  });

  it.each(ACCEPTED)('%s is read, and every byte belongs to an element', (path) => {
    const source = readCorpusFile(path);
    const part10 = readPart10(source);
    expect(part10.anomalies).toEqual(ANOMALIES[path] ?? []);
    expect(strayBytes(part10)).toEqual([]);
    expect(looksLikeDicom(source.subarray(0, 4096))).toBe(true);
    expect(Object.keys(toDicomJson(part10.dataSet)).length).toBeGreaterThan(0);
  });

  it.each(ACCEPTED)('%s is read alike from a ranged source', async (path) => {
    const source = readCorpusFile(path);
    const ranged = {
      size: source.length,
      read: async (start: number, length: number) => source.slice(start, start + length),
    };
    const header = await readPart10From(ranged);
    expect(places(header)).toEqual(places(readPart10(source)));
    expect(header.bytesRead).toBeLessThanOrEqual(source.length);
  });
});

const CT_FAMILY = '01-transfer-syntax/ct-family/CTImage.dcm_';
const IN_EXPLICIT = `${CT_FAMILY}LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm`;

describe.skipIf(!HAS_CORPUS)(`one slice in many transfer syntaxes ${WITHOUT_CORPUS}`, () => {
  it.each(ACCEPTED.filter((path) => path.startsWith(CT_FAMILY)))('%s has the same attributes', (path) => {
    const json = toDicomJson(readPart10(readCorpusFile(path)).dataSet);
    const expected = toDicomJson(readPart10(readCorpusFile(IN_EXPLICIT)).dataSet);
    // The VR of private elements is not known in implicit VR; instances that were compressed say so.
    const isComparable = (tag: string) => /^...[02468ACE]/.test(tag) && !/^0008|^0028|^FFFC/.test(tag);
    const tags = Object.keys(expected).filter(isComparable);
    expect(tags.length).toBeGreaterThan(30);
    for (const tag of tags) expect([tag, json[tag]]).toEqual([tag, expected[tag]]);
  });
});

function places(part10: Part10): unknown {
  const { pixelData, anomalies, headerEnd, transferSyntax } = part10;
  const elements = part10.dataSet.elements.map(({ tag, vr, offset, start, end }) => [
    tag,
    vr,
    offset,
    end - start,
  ]);
  return [
    elements,
    anomalies,
    headerEnd,
    transferSyntax,
    pixelData?.start,
    pixelData?.end,
    pixelData?.fragments,
  ];
}
