/**
 * Renders the preview of a cine of 1 GB in this process, and prints its peak memory and what was read: run by bench/preview.ts with
 * `native` or `encapsulated`. The cine is not stored: each read makes its bytes.
 */
import {
  type ByteSource,
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  readPart10From,
  type VR,
  writePart10,
} from '../../shared/dicom/index.ts';
import { stopCodecWorker } from '../../shared/pixels/codecs/codec-worker.ts';
import { renderPreview } from '../../shared/pixels/preview.ts';
import { encodeRaster } from '../../shared/pixels/raster.ts';

const GIB = 2 ** 30;
const [COLUMNS, ROWS] = [1024, 768];
const FRAME = COLUMNS * ROWS * 3;

interface CountedSource extends ByteSource {
  readonly counted: { reads: number; bytes: number };
}

/** Bytes from 0 to `size`, made by `fill` when they are asked for. */
function madeSource(size: number, fill: (into: Uint8Array, start: number) => void): CountedSource {
  const counted = { reads: 0, bytes: 0 };
  return {
    size,
    counted,
    async read(start, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)));
      fill(bytes, start);
      counted.reads += 1;
      counted.bytes += bytes.length;
      return bytes;
    },
  };
}

/** Copies what a piece at an offset contributes to the bytes from `start` on. */
function lay(piece: Uint8Array, at: number, into: Uint8Array, start: number): void {
  const from = Math.max(at, start);
  const to = Math.min(at + piece.length, start + into.length);
  if (from < to) into.set(piece.subarray(from - at, to - at), from - start);
}

/** The header up to the length of Pixel Data, which is written by the caller. */
function headerOf(frames: number, transferSyntaxUid: string, photometric: string): Buffer {
  const text = (tag: number, vr: VR, value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const whole = writePart10(
    [
      { tag: 0x00080016, vr: 'UI', value: encodeUid('1.2.840.10008.5.1.4.1.1.3.1') },
      text(0x00080060, 'CS', 'US'),
      us(0x00280002, 3),
      text(0x00280004, 'CS', photometric),
      us(0x00280006, 0),
      text(0x00280008, 'IS', String(frames)),
      us(0x00280010, ROWS),
      us(0x00280011, COLUMNS),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
      { tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(2) },
    ],
    {
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
      mediaStorageSopInstanceUid: '2.25.1',
      transferSyntaxUid,
      implementationClassUid: '2.25.2',
      implementationVersionName: 'BENCH',
    },
  );
  return Buffer.from(whole.subarray(0, whole.length - 2));
}

function nativeCine(): CountedSource {
  const frames = Math.floor(GIB / FRAME);
  const header = headerOf(frames, '1.2.840.10008.1.2.1', 'RGB');
  header.writeUInt32LE(frames * FRAME, header.length - 4);
  return madeSource(header.length + frames * FRAME, (into, start) => {
    for (let at = 0; at < into.length; at++) into[at] = (start + at) % 251;
    lay(header, 0, into, start);
  });
}

/** One fragment a frame, and an empty offset table. */
async function encapsulatedCine(): Promise<CountedSource> {
  const data = Uint8Array.from({ length: FRAME }, (_, at) => (at * 2654435761) >>> 24);
  const size = { width: COLUMNS, height: ROWS };
  const encoded = await encodeRaster({ ...size, channels: 3, data }, size, 'jpeg');
  const fragment = Buffer.alloc(8 + encoded.length + (encoded.length % 2));
  fragment.set([0xfe, 0xff, 0x00, 0xe0]);
  fragment.writeUInt32LE(fragment.length - 8, 4);
  fragment.set(encoded, 8);
  const frames = Math.floor(GIB / fragment.length);
  const header = headerOf(frames, '1.2.840.10008.1.2.4.50', 'YBR_FULL_422');
  header.writeUInt32LE(0xffffffff, header.length - 4);
  const head = Buffer.concat([header, Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0])]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const total = head.length + frames * fragment.length + end.length;
  return madeSource(total, (into, start) => {
    lay(head, 0, into, start);
    const first = Math.max(0, Math.floor((start - head.length) / fragment.length));
    const last = Math.min(frames - 1, Math.floor((start + into.length - head.length) / fragment.length));
    for (let index = first; index <= last; index++) {
      lay(fragment, head.length + index * fragment.length, into, start);
    }
    lay(end, total - end.length, into, start);
  });
}

async function main(kind: string | undefined): Promise<void> {
  const source = kind === 'encapsulated' ? await encapsulatedCine() : nativeCine();
  const part10 = await readPart10From(source);
  const read = (start: number, length: number) => source.read(start, length);
  const { label, bytes } = await renderPreview({ part10, read }, { animated: true });
  const { reads, bytes: bytesRead } = source.counted;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    JSON.stringify({ cine: kind, size: source.size, label, bytes: bytes.length, reads, bytesRead, memory }),
  );
}

main(process.argv[2]).finally(stopCodecWorker);
