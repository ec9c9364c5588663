/** What the reading bench reads: a study of many small slices with the headers of the sample, and a cine of a gigabyte, made as it is sent. */
import { authorPart10 } from '../../scripts/sample/author-part10.ts';
import { ctInstance } from '../../scripts/sample/data-sets.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  type VR,
  writePart10,
} from '../../shared/dicom/index.ts';

const SIDE = 1024;
const SERIES = 8;
const MULTI_FRAME = '1.2.840.10008.5.1.4.1.1.7.2';

const uid = (kind: number, index: number) => `2.25.7${kind}${String(index).padStart(6, '0')}`;
/** A file of each place of the phantom, written once: all others differ by UIDs of the same length. */
const FILES = Array.from({ length: SLICES }, (_, slice) =>
  Buffer.from(
    authorPart10({
      ...ctInstance(slice),
      StudyInstanceUID: uid(1, 0),
      SeriesInstanceUID: uid(2, 0),
      SOPInstanceUID: uid(3, 0),
      Rows: 2,
      Columns: 2,
      PixelData: new Uint16Array(4).buffer,
    }),
  ).toString('latin1'),
);

/** An instance of the study; its header is whole, its picture has four pixels. */
export function sliceOf(index: number): Uint8Array {
  const file = FILES[index % SLICES] as string;
  return Buffer.from(
    file.replaceAll(uid(2, 0), uid(2, index % SERIES)).replaceAll(uid(3, 0), uid(3, index)),
    'latin1',
  );
}

export const CINE = { study: '2.25.71', series: '2.25.72', instance: '2.25.73' } as const;

/** Bytes of the frames, and the object in pieces: a grey of its own in each frame, between noise. */
export function cineOf(frames: number) {
  const header = headerOf(frames);
  return {
    size: header.length + frames * SIDE * SIDE,
    frameBytes: SIDE * SIDE,
    async *pieces(): AsyncGenerator<Uint8Array> {
      yield header;
      const noise = Buffer.from(
        Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (at * 2654435761) >>> 24),
      );
      for (let number = 0; number < frames; number++) {
        const frame = Buffer.from(noise);
        frame.fill(number & 0xff, 0, SIDE * 64);
        yield frame;
      }
    },
  };
}

function headerOf(frames: number): Uint8Array {
  const text = (tag: number, vr: VR, value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const ui = (tag: number, value: string): NewElement => ({ tag, vr: 'UI', value: encodeUid(value) });
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const header = writePart10(
    [
      ui(0x00080016, MULTI_FRAME),
      ui(0x00080018, CINE.instance),
      text(0x00080020, 'DA', '20260102'),
      text(0x00080060, 'CS', 'XA'),
      text(0x00100010, 'PN', 'P1'),
      text(0x00100020, 'LO', 'P1'),
      text(0x00181063, 'DS', '33'),
      ui(0x0020000d, CINE.study),
      ui(0x0020000e, CINE.series),
      us(0x00280002, 1),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      text(0x00280008, 'IS', String(frames)),
      us(0x00280010, SIDE),
      us(0x00280011, SIDE),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
      { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(0) },
    ],
    {
      mediaStorageSopClassUid: MULTI_FRAME,
      mediaStorageSopInstanceUid: CINE.instance,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '2.25.1',
      implementationVersionName: 'BENCH',
    },
  );
  new DataView(header.buffer, header.byteOffset).setUint32(header.length - 4, frames * SIDE * SIDE, true);
  return header;
}
