import { describe, expect, it } from 'vitest';
import { elementNumbers, readPart10 } from '../../../shared/dicom/index.ts';
import { native, pixelValue, treat } from './pixel-bytes.ts';

const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const longs = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

async function samples(object: Uint8Array): Promise<number[]> {
  const { result, treatment } = await treat(object);
  expect(treatment.overlaysCleared).toBe(true);
  expect(result.dataSet.elements.some(({ tag }) => tag >>> 24 === 0x60)).toBe(false);
  return elementNumbers(result.pixelData!.element);
}

describe('overlays in the pixel words', () => {
  it('lose exactly the bits that their groups name', async () => {
    const object = native(words(0xffff, 0x8abc, 0x4abc, 0x3fff), { positions: [15, 14] });
    expect(await samples(object)).toEqual([0x3fff, 0x0abc, 0x0abc, 0x3fff]);
  });

  it('are cleared in big endian words', async () => {
    const object = native(words(0xffff, 0x8abc, 0x0001), { positions: [15], transferSyntaxUid: BIG_ENDIAN });
    expect(readPart10(object).encoding.bigEndian).toBe(true);
    expect(await samples(object)).toEqual([0x7fff, 0x0abc, 0x0001]);
  });

  it('are cleared in a deflated object', async () => {
    const object = native(words(0xffff, 0x8abc), { positions: [12], transferSyntaxUid: DEFLATED });
    expect(await samples(object)).toEqual([0xefff, 0x8abc]);
  });

  it('are cleared in bytes, in long words and below the stored bits', async () => {
    const inBytes = await treat(
      native(Uint8Array.of(0xff, 0x91), { allocated: 8, stored: 7, positions: [7] }),
    );
    expect([...pixelValue(inBytes.result)]).toEqual([0x7f, 0x11]);
    const inLongs = await treat(
      native(longs(0xffffffff, 1), { allocated: 32, stored: 24, positions: [31, 24] }),
    );
    expect([...pixelValue(inLongs.result)]).toEqual([...longs(0x7effffff, 1)]);
    const below = native(words(0xffff), { stored: 12, highBit: 15, positions: [0] });
    expect(await samples(below)).toEqual([0xfffe]);
  });

  it.each([
    ['within the stored bits', { positions: [11] }],
    ['of which one lies within the stored bits', { positions: [15, 3] }],
    ['beyond the word', { positions: [16] }],
    ['where all bits are stored', { stored: 16, positions: [15] }],
    ['in words of another size', { allocated: 12, stored: 8, positions: [11] }],
    [
      'in long words of big endian',
      { allocated: 32, stored: 24, positions: [31], transferSyntaxUid: BIG_ENDIAN },
    ],
  ])('%s stay a reason to refuse', async (_, options) => {
    await expect(treat(native(longs(1, 2), options))).rejects.toMatchObject({ reason: 'unsafe-content' });
  });

  it('are told in the plan', async () => {
    const { treatment } = await treat(native(words(1, 2), {}));
    expect(treatment.operations).toEqual([
      { path: '(7FE0,0010)', action: 'X', why: 'overlay bits in the pixel words, named by (60xx,0102)' },
    ]);
  });
});
