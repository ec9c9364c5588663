/** A film in a transport stream as the MP4 file that browsers play: the same coded pictures in another container, without sound. */
import { movieFile } from './movie-file.ts';
import { type ParameterSets, sampleOf } from './nal-units.ts';
import { picturesOf } from './transport-stream.ts';

/** The file; undefined where the stream holds no H.264 that can be told apart. */
export function asMp4(
  bytes: Uint8Array,
  size: { readonly width: number; readonly height: number },
): Blob | undefined {
  const pictures = picturesOf(bytes);
  if (pictures === undefined) return undefined;
  const sets: ParameterSets = { sequence: [], picture: [] };
  const samples = pictures.map((picture) => sampleOf(picture.bytes, sets));
  const pieces = movieFile({ ...size, pictures, samples, sets });
  return pieces && new Blob(pieces, { type: 'video/mp4' });
}
