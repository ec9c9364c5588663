/**
 * The stored metadata of a study, instance by instance, while it is decompressed: a JSON array that is written with one
 * instance to a line, so that a study of any size is never held.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { DicomJson } from '../dicom/index.ts';

/** Out of gunzip at once; default 256 KiB: a piece is a way through the streams of its own. */
const CHUNK_BYTES = 256 * 1024;

/** The array as it is written, in pieces. */
export async function* inflated(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = Readable.from(compressed);
  const pieces = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on('error', (error) => pieces.destroy(error));
  source.pipe(pieces);
  try {
    yield* pieces as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    pieces.destroy();
  }
}

/** The JSON text of each instance, in the order of series and instance UID. */
export async function* metadataLines(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let held: Buffer[] = [];
  for await (const piece of inflated(compressed)) {
    let from = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, from)) {
      yield withoutBrackets(Buffer.concat([...held, piece.subarray(from, end)]).toString('utf8'));
      held = [];
      from = end + 1;
    }
    if (from < piece.length) held.push(piece.subarray(from));
  }
  const last = withoutBrackets(Buffer.concat(held).toString('utf8'));
  if (last !== '') yield last;
}

/** Series and instance of an instance's metadata, which are read without the rest. */
export function uidsOf(line: string): { series: string; instance: string } {
  const { '0020000E': series, '00080018': instance } = JSON.parse(line) as DicomJson;
  return { series: String(series?.Value?.[0] ?? ''), instance: String(instance?.Value?.[0] ?? '') };
}

function withoutBrackets(line: string): string {
  return line.replace(/^\[/, '').replace(/[,\]]$/, '');
}
