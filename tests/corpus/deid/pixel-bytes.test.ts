import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deidentify, treatPixelBytes } from '../../../shared/deid/index.ts';
import { concatSegments, elementNumbers, type Part10, readPart10 } from '../../../shared/dicom/index.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { UndisplayableError } from '../../../shared/pixels/undisplayable.ts';
import { testProfile } from '../../unit/deid/instances.ts';
import { memorySource, pixelValue, segment } from '../../unit/deid/pixel-bytes.ts';
import { corpusFiles, corpusPath, hasCorpus } from './corpus-files.ts';

const profile = testProfile({ pixels: 'trust' });
const SECRET = 'WEATHERWAX 1933-04-28';
const OVERLAYS = '03-modality/ovly_p01.dcm';
const hasDcmtk = spawnSync('dcmdump', ['--version']).error === undefined;

function open(name: string): { object: Uint8Array; part10: Part10 } | undefined {
  const object = new Uint8Array(readFileSync(corpusPath(name)));
  try {
    return { object, part10: readPart10(object) };
  } catch {
    return undefined;
  }
}

async function treat(object: Uint8Array, part10: Part10, windowBytes?: number): Promise<Uint8Array> {
  const treatment = await treatPixelBytes(part10, memorySource(object), profile, undefined, windowBytes);
  return concatSegments(deidentify(part10, profile, treatment).segments, object);
}

/** Digests of the first and the last frame as the project decodes them; the reason where it does not. */
async function decoded(object: Uint8Array, part10: Part10): Promise<string[]> {
  const source = { part10, read: memorySource(object).read };
  try {
    const image = readImagePixel(part10.dataSet);
    const frames = [...new Set([0, image.frames - 1])];
    const samples = await Promise.all(frames.map((frame) => decodeFrame(source, image, frame)));
    return samples.map(({ data, kind, width, height }) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return `${kind} ${width} x ${height} ${createHash('sha256').update(bytes).digest('hex')}`;
    });
  } catch (error) {
    if (error instanceof UndisplayableError) return [error.reason];
    throw error;
  }
}

/** The object with a comment in each codestream that is a fragment of its own. */
function planted(object: Uint8Array, { pixelData }: Part10): Uint8Array | undefined {
  const { fragments = [], element, end } = pixelData!;
  const pieces: Uint8Array[] = [object.subarray(0, element.valueStart), item(0)];
  let count = 0;
  for (const { start, length } of fragments) {
    const fragment = object.subarray(start, start + length);
    const comment = commentFor(fragment);
    if (comment === undefined) return undefined;
    const { at, bytes } = comment;
    pieces.push(item(length + bytes.length), fragment.subarray(0, at), bytes, fragment.subarray(at));
    count++;
  }
  return count === 0 ? undefined : Buffer.concat([...pieces, object.subarray(end - 8)]);
}

/** Behind SOI, or behind SIZ, which comes first. */
function commentFor(fragment: Uint8Array): { at: number; bytes: Uint8Array } | undefined {
  if (fragment[0] !== 0xff) return undefined;
  if (fragment[1] === 0xd8) return { at: 2, bytes: segment(0xfe, `${SECRET}!`) };
  if (fragment[1] !== 0x4f) return undefined;
  return { at: 4 + Buffer.from(fragment).readUInt16BE(4), bytes: segment(0x64, `\0\x01${SECRET}!`) };
}

function item(length: number): Buffer {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return header;
}

/** Files that are de-identified at all, whose frames are compressed pictures. */
const encapsulated = corpusFiles.filter((name) => {
  const opened = open(name);
  if (opened?.part10.pixelData?.fragments === undefined) return false;
  if (opened.part10.transferSyntax.codec === 'mpeg') return false;
  try {
    return deidentify(opened.part10, profile).segments.length > 0;
  } catch {
    return false;
  }
});

describe.skipIf(!hasCorpus)(
  hasCorpus
    ? 'the pixel bytes of the corpus'
    : 'the pixel bytes of the corpus (skipped: ../shared/corpus is absent)',
  () => {
    it.each(encapsulated)('%s decodes to what it was, and is the same by small windows', async (name) => {
      const { object, part10 } = open(name)!;
      const written = await treat(object, part10);
      const result = readPart10(written);
      expect(pixelValue(result)).toHaveLength(pixelValue(part10).length);
      expect(await decoded(written, result)).toEqual(await decoded(object, part10));
      expect(Buffer.compare(await treat(object, part10, 7777), written)).toBe(0);
    });

    it.each(encapsulated)('%s loses a comment that was put in', async (name) => {
      const original = open(name)!;
      const object = planted(original.object, original.part10);
      if (object === undefined) return;
      const part10 = readPart10(object);
      const written = await treat(object, part10);
      expect(Buffer.from(written).includes('WEATHERWAX')).toBe(false);
      expect(await decoded(written, readPart10(written))).toEqual(
        await decoded(original.object, original.part10),
      );
    });

    it('writes few of them anew: those that hold more than a picture', async () => {
      const changed: string[] = [];
      for (const name of encapsulated) {
        const { object, part10 } = open(name)!;
        const { rewrite } = await treatPixelBytes(part10, memorySource(object), profile);
        if (rewrite !== undefined) changed.push(name);
      }
      expect(changed).toEqual(['01-transfer-syntax/new/will-jxl.dcm', '03-modality/HasFragmentSequence.dcm']);
    });

    it('clears the overlays of real pixel words and leaves the stored values', async () => {
      const { object, part10 } = open(OVERLAYS)!;
      const written = await treat(object, part10);
      const before = elementNumbers(part10.pixelData!.element);
      const after = elementNumbers(readPart10(written).pixelData!.element);
      expect(before.some((word) => word > 0x3fff)).toBe(true);
      expect(after.every((word, index) => word === ((before[index] as number) & 0x3fff))).toBe(true);
    });

    it.skipIf(!hasDcmtk)(
      'renders the cleared words as dcmtk rendered the original (dcmtk, where installed)',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'filmroom-overlay-'));
        try {
          const { object, part10 } = open(OVERLAYS)!;
          writeFileSync(join(folder, 'cleared.dcm'), await treat(object, part10));
          const render = (file: string) => {
            const { status, stdout } = spawnSync('dcm2pnm', ['-q', '-O', '+Wm', '+op', file], {
              maxBuffer: 1 << 26,
            });
            expect(status).toBe(0);
            return stdout;
          };
          expect(render(join(folder, 'cleared.dcm')).equals(render(corpusPath(OVERLAYS)))).toBe(true);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  },
);
