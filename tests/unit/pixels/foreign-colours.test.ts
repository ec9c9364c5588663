/** Colours of JPEG 2000 and HTJ2K against codestreams that another encoder wrote: a pair of ours could agree on a wrong order. */
import { afterAll, describe, expect, it } from 'vitest';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { bytesOf, decode } from './codec-frames.ts';
import { HTJ2K, JPEG_2000 } from './image-object.ts';

afterAll(stopCodecWorker);

const [WIDTH, HEIGHT] = [8, 6];

/** Of `ojph_compress` 0.9 (-reversible true -colour_trans false) and `opj_compress` 2.5 (-mct 1), from the values of `valueAt`. */
const WRITTEN = [
  {
    name: 'HTJ2K of 8 bits, not transformed',
    syntax: HTJ2K,
    bits: 8,
    photometric: 'RGB',
    codestream:
      '/0//UQAvQAAAAAAIAAAABgAAAAAAAAAAAAAACAAAAAYAAAAAAAAAAAADBwEBBwEBBwEB/1AACAACAAAAA/9SAAwAAgABAAIEBEAB/1wACiBQWFhYUFBY/2QAFgABT3BlbkpQSCBWZXIgMC45LjAu/5AACgAAAAABHwAB/5PAFQAPgVRCAMM0AMAVACQkS/IAQZQAwBUApIEm6wBBlADACogBNACYHT4IKwBjlAAn/AACNABJ9wBCNADACogBNACYysiJXgBjlADY+wCBdADYvgBCNADACogBNACYCdcQowDAtACd8QCBdAATlgBCNADAFfAFdACtPzzVoADw9cX+gH3MgpYAn5/nRwFH6fmZenxClgB//39+P8GAKPYxCXcAwBaEAWhACtA+78+DpAL9AzYNj4AAclcA/v9+PJS6ssMAaenwBNpYAP6/7++fAMX5+CAOWADAFoQBaMALQH6/H8hSe2AiAg7sIQGTeAC+/2HnSQsmOvwAAsfBE+F4AP6//1//H8EAoX/8AAGXeQD/2Q==',
  },
  {
    name: 'HTJ2K of 12 bits, not transformed',
    syntax: HTJ2K,
    bits: 12,
    photometric: 'RGB',
    codestream:
      '/0//UQAvQAAAAAAIAAAABgAAAAAAAAAAAAAACAAAAAYAAAAAAAAAAAADCwEBCwEBCwEB/1AACAACAAAAB/9SAAwAAgABAAIEBEAB/1wACiBweHh4cHB4/2QAFgABT3BlbkpQSCBWZXIgMC45LjAu/5AACgAAAAAA+gAB/5PAAVQHcNfZthEBwzQAwAFUgYr/VKDxAYM0AMABVPtcEzB98QDDlADAAKmAATQACQAAAGAIhgFCtABT+gACNAD7ETMAwACpgAE0AAkAAABgCIYBQrQAU/oAAjQA+xEzAMAAqYABNAAJgAAAYCxWAKKUABP0AEI0AHL8AKE0AMABVwAFVAAJQASwAMDWgE+CAnYAmOxAPcAxAb62AOjgAHQAwAFXAAVUAAlABLAAwNaAT4ICdgCY7EA9wDEBvrYA6OAAdADAAVkABWQACoAEYgkAHOWAQ+CiVgD+MdmBev6CCqyD1gD+R6AAjMPWAP/Z',
  },
  {
    name: 'JPEG 2000 of 8 bits, transformed',
    syntax: JPEG_2000,
    bits: 8,
    photometric: 'YBR_RCT',
    codestream:
      '/0//UQAvAAAAAAAIAAAABgAAAAAAAAAAAAAACAAAAAYAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEBAQQEAAH/XAAHQEBISFD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAACxAAH/k8PnFgxPjQ3ZGiOB9w7T34BwAwcas23zyp9TDWuTgmjfgHgSrK2jod92VaZVT7k1MX/D6gyH1BkPtCwDK9f0iZEYMmFryMcUIRmRQrJrimQFqRQNJd9VhwvDDmWyf9+YTfmFz8wcH2bpYQ3O5vNHDm7+Ex39AxsYKD8a3MBagWBJ35hM/AKn5hAdQI3dKDg+OtsS5AxCApp73YPfH5wOfy6p4Gv/2Q==',
  },
  {
    name: 'JPEG 2000 of 12 bits, transformed',
    syntax: JPEG_2000,
    bits: 12,
    photometric: 'YBR_RCT',
    codestream:
      '/0//UQAvAAAAAAAIAAAABgAAAAAAAAAAAAAACAAAAAYAAAAAAAAAAAADCwEBCwEBCwEB/1IADAAAAAEBAQQEAAH/XAAHQGBoaHD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAB7AAH/k8/kTAhyZ+aVes6idkBnVqP4TohBnC/H7B4CNBxpmqUFcZSOgn5p/r/H7BgI7JV6qADCQak7wj/D9gmB+ATB+wKAIZkhMhBpZPl/GipAgOIqULbvHrUaeU/P8AsP2A4/wBghcPESdx68wx61g4D/2Q==',
  },
];

function valueAt(x: number, y: number, component: number, bits: number): number {
  return ((x * 37 + y * 11 + component * 101 + x * y * 3) * (bits > 8 ? 7 : 1)) & (2 ** bits - 1);
}

describe('colours of another encoder come out pixel by pixel', () => {
  it.each(WRITTEN)('$name', async ({ syntax, bits, photometric, codestream }) => {
    const samples = await decode(
      {
        rows: HEIGHT,
        columns: WIDTH,
        samplesPerPixel: 3,
        photometric,
        planar: 0,
        bitsAllocated: bits > 8 ? 16 : 8,
        bitsStored: bits,
        transferSyntax: syntax,
        vr: 'OB',
      },
      Buffer.from(codestream, 'base64'),
    );

    const expected = Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => {
      const pixel = Math.floor(at / 3);
      return valueAt(pixel % WIDTH, Math.floor(pixel / WIDTH), at % 3, bits);
    });
    const bytes = bytesOf(samples);
    expect(Array.from(bits > 8 ? new Uint16Array(bytes.slice().buffer) : bytes)).toEqual(expected);
    expect(samples).toMatchObject({ colour: 'rgb', bitsStored: bits });
  });
});
