/** The picture files beside the page, numbered in the order they were made. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { GalleryPicture } from './page.ts';
import { readPgm } from './reference.ts';

export interface PictureFolder {
  /** Keeps a picture as it is. */
  readonly keep: (caption: string, bytes: Uint8Array, extension: string) => GalleryPicture;
  /** Keeps a picture in the size of the gallery, for what was made at full size. */
  readonly keepSmall: (caption: string, bytes: Uint8Array) => Promise<GalleryPicture>;
  /** The same for greys as PGM, which sharp does not read. */
  readonly keepPgm: (caption: string, pgm: Uint8Array) => Promise<GalleryPicture>;
}

const SIDE = 256;

export function pictureFolder(output: string): PictureFolder {
  mkdirSync(join(output, 'pictures'), { recursive: true });
  let count = 0;
  const keep = (caption: string, bytes: Uint8Array, extension: string): GalleryPicture => {
    const file = `pictures/${String(count++).padStart(4, '0')}.${extension}`;
    writeFileSync(join(output, file), bytes);
    return { caption, file };
  };
  const keepSmall = async (caption: string, bytes: Uint8Array): Promise<GalleryPicture> => {
    const small = sharp(bytes).resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true });
    return keep(caption, await small.png().toBuffer(), 'png');
  };
  const keepPgm = async (caption: string, pgm: Uint8Array): Promise<GalleryPicture> => {
    const { width, height, pixels } = readPgm(pgm);
    const raw = { width, height, channels: 1 } as const;
    return keepSmall(caption, await sharp(pixels, { raw }).png().toBuffer());
  };
  return { keep, keepSmall, keepPgm };
}
