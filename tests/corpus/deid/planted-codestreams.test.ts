/**
 * Text planted in compressed streams of the corpus: comment and application segments of JPEG and JPEG-LS, comments of JPEG 2000.
 * After the treatment of the pixel bytes none of it may be found, nor the patient's own name.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  deidentify,
  keyedPseudonyms,
  POLICIES,
  type Policy,
  profileOf,
  treatPixelBytes,
} from '../../../shared/deid/index.ts';
import {
  concatSegments,
  type Part10,
  readPart10,
  type Segment,
  splice,
} from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { survivorsIn } from '../../helpers/planted-search.ts';
import { Canaries } from '../../helpers/planted-values.ts';
import { SECRET } from '../../unit/deid/instances.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

/** A marker segment with text: the marker, the length of what follows it, an identifier where there is one, the text. */
function segment(marker: number, text: string, before = ''): Buffer {
  const value = Buffer.from(before + text, 'latin1');
  const header = Buffer.alloc(4);
  header.writeUInt16BE(marker, 0);
  header.writeUInt16BE(value.length + 2, 2);
  return Buffer.concat([header, value]);
}

/** The codestream with text in it; undefined where it is of no kind that has segments. */
function withText(codestream: Buffer, canaries: Canaries): Buffer | undefined {
  const word = (where: string) => `Name ${canaries.word(where)} 1970`;
  const magic = codestream.readUInt16BE(0);
  if (magic === 0xffd8) {
    const wide = Buffer.from(canaries.word('COM in UTF-16'), 'utf16le').toString('latin1');
    return Buffer.concat([
      codestream.subarray(0, 2),
      segment(0xfffe, word('COM')),
      segment(0xfffe, wide),
      segment(0xffe1, word('APP1'), 'Exif\0\0'),
      segment(0xffed, word('APP13'), 'Photoshop 3.0\0'),
      codestream.subarray(2),
    ]);
  }
  if (magic !== 0xff4f) return undefined;
  // After SIZ, which comes first (ITU-T T.800 A.5.1); registration 1 is text.
  const at = 4 + codestream.readUInt16BE(4);
  return Buffer.concat([
    codestream.subarray(0, at),
    segment(0xff64, word('COM'), '\0\x01'),
    segment(0xff64, word('binary COM'), '\0\0'),
    codestream.subarray(at),
  ]);
}

function item(bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0xe000fffe, 0);
  header.writeUInt32LE(bytes.length + (bytes.length % 2), 4);
  return Buffer.concat([header, bytes, Buffer.alloc(bytes.length % 2)]);
}

/** The object with text in its first codestream; undefined where there is none. */
function planted(object: Uint8Array, canaries: Canaries): Uint8Array | undefined {
  const part10 = readPart10(object);
  const [first, ...others] = part10.pixelData?.fragments ?? [];
  if (first === undefined || first.length < 8) return undefined;
  const bytesOf = ({ start, length }: { start: number; length: number }) =>
    Buffer.from(object.subarray(start, start + length));
  const changed = withText(bytesOf(first), canaries);
  if (changed === undefined) return undefined;
  // The offset table, which would be wrong now, is left empty (PS3.5 A.4).
  const segments: Segment[] = [new Uint8Array(0), changed, ...others.map(bytesOf)].map(item);
  return concatSegments(
    splice(
      part10,
      {
        edit: (element) =>
          element === part10.pixelData?.element
            ? { kind: 'rewrite', segments, undefinedLength: true }
            : { kind: 'keep' },
      },
      {
        mediaStorageSopClassUid: part10.dataSet.uid(0x00080016) ?? '',
        mediaStorageSopInstanceUid: part10.dataSet.uid(0x00080018) ?? '',
        transferSyntaxUid: part10.transferSyntax.uid,
        implementationClassUid: '1.2.3.4',
        implementationVersionName: 'PLANTED',
      },
    ),
    object,
  );
}

async function attempt(name: string, policy: Policy) {
  const profile = profileOf(
    { ...policy, pixels: 'trust', recognizableFeatures: 'release' },
    { pseudonyms: keyedPseudonyms(SECRET) },
  );
  const canaries = new Canaries();
  try {
    const object = planted(new Uint8Array(readFileSync(corpusPath(name))), canaries);
    if (object === undefined) return undefined;
    const source: Part10 = readPart10(object);
    const read = async (start: number, length: number) => object.subarray(start, start + length);
    const treatment = await treatPixelBytes(source, { size: object.length, read }, profile);
    const written = concatSegments(deidentify(source, profile, treatment).segments, object);
    return {
      name,
      sown: survivorsIn(object, canaries.planted).length === canaries.planted.size,
      left: survivorsIn(written, canaries.planted),
    };
  } catch (error) {
    if (isUnprocessable(error)) return undefined;
    throw error;
  }
}

describe.skipIf(!hasCorpus).each([...POLICIES.values()])(
  hasCorpus
    ? 'text in compressed streams under the policy $name'
    : 'text in compressed streams under the policy $name (skipped: ../shared/corpus is absent)',
  (policy) => {
    it('survives nowhere', async () => {
      const results = [];
      for (const name of corpusFiles) results.push(await attempt(name, policy));
      const released = results.filter((result) => result !== undefined);
      expect(released.flatMap(({ name, left }) => left.map(({ where }) => `${name}: ${where}`))).toEqual([]);
      expect(released.every(({ sown }) => sown)).toBe(true);
      expect(released.length).toBeGreaterThan(30);
    });
  },
);
