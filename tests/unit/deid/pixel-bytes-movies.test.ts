import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { movieEdits } from '../../../shared/deid/pixel-bytes/movie-boxes.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { storedVideo } from '../../../shared/dicomweb/video.ts';
import { filmFile } from '../../helpers/viewer-studies.ts';
import { testProfile } from './instances.ts';
import { memorySource, treat } from './pixel-bytes.ts';

const H264 = '1.2.840.10008.1.2.4.102';
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/video/${name}`, import.meta.url));
const NAMED = fixture('named.mp4');
/** Seconds since 1904, as boxes count them. */
const MADE = Buffer.alloc(4);
MADE.writeUInt32BE(Date.UTC(2024, 1, 3, 4, 5, 6) / 1000 + 2_082_844_800);

async function filmOf(object: Uint8Array, profile = testProfile({ pixels: 'trust' }), windowBytes?: number) {
  const { result, treatment, written } = await treat(object, profile, windowBytes);
  const video = await storedVideo({
    part10: result,
    read: async (start, length) => written.subarray(start, start + length),
    stream: async function* (start, length) {
      yield written.subarray(start, start + length);
    },
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of video?.open(0, video.length) ?? []) pieces.push(piece);
  return { film: Buffer.concat(pieces), treatment };
}
const cut = (film: Buffer, ...places: number[]) =>
  [0, ...places].map((from, index) => film.subarray(from, places[index] ?? film.length));

describe('a film whose pictures are trusted', () => {
  it('loses who it is of and when it was made, and nothing of its pictures', async () => {
    expect(NAMED.includes('DOE JANE') && NAMED.includes('MRN4711') && NAMED.includes(MADE)).toBe(true);
    const { film, treatment } = await filmOf(filmFile('named', H264, [NAMED]));
    for (const told of ['DOE JANE', 'MRN4711', 'lounge', '+52.5', MADE])
      expect(film.includes(told)).toBe(false);
    expect(film.length).toBe(NAMED.length + (NAMED.length % 2));
    const media = NAMED.indexOf('mdat');
    const end = media - 4 + NAMED.readUInt32BE(media - 4);
    expect(film.subarray(media, end).equals(NAMED.subarray(media, end))).toBe(true);
    // Tables of samples are where and what they were.
    for (const table of ['stsz', 'stco', 'ctts', 'stts', 'avcC']) {
      const at = NAMED.indexOf(table);
      const to = at - 4 + (table === 'avcC' ? 30 : NAMED.readUInt32BE(at - 4));
      expect([table, film.subarray(at, to).equals(NAMED.subarray(at, to))]).toEqual([table, true]);
    }
    expect(treatment.operations.map(({ action, why }) => `${action} ${why}`).sort()).toEqual([
      'C boxes around the film that may hold text',
      'C times at which the film was made',
    ]);
  });

  it.each([
    ['anywhere', [1, 100, 3_000, 7_900]],
    ['in front of what looks like a frame', [NAMED.indexOf('moov') - 4, NAMED.indexOf('udta') - 4]],
  ])('is gone through as one stream, though it is cut %s', async (_case, places) => {
    const whole = await filmOf(filmFile('named', H264, [NAMED]));
    // Fragments have even lengths.
    const even = places.map((place) => place - (place % 2)).filter((place) => place > 0);
    const { film } = await filmOf(filmFile('named', `${H264}.1`, cut(NAMED, ...even)), undefined, 256);
    expect(film.equals(whole.film)).toBe(true);
  });

  it('that says nothing is left as it is, and so is one that is in no boxes', async () => {
    for (const name of ['film.m2ts', 'film.h264', 'film.mpg']) {
      const { film, treatment } = await filmOf(filmFile(name, H264, [fixture(name)]));
      expect([name, film.subarray(0, fixture(name).length).equals(fixture(name))]).toEqual([name, true]);
      expect(treatment.rewrite).toBeUndefined();
    }
  });

  it('is refused where the description of its pictures names the patient', async () => {
    const film = Buffer.from(fixture('film.mp4'));
    film.write('Quillfeather', film.lastIndexOf('avc1') + 47, 'latin1');
    const named = filmFile('named', H264, [film], 'Quillfeather^Ada');
    await expect(filmOf(named)).rejects.toMatchObject({ reason: 'residual-identifier' });
  });

  it.each(['clean', 'quarantine-risky'] as const)('is refused under %s', async (pixels) => {
    await expect(
      filmOf(filmFile('film', H264, [fixture('film.mp4')]), testProfile({ pixels })),
    ).rejects.toMatchObject({
      reason: 'burned-in-annotation',
    });
  });

  it('ends somewhere, however its boxes contradict themselves', async () => {
    for (let at = 0; at < NAMED.length; at += 131) {
      const damaged = Buffer.from(NAMED);
      damaged.fill(0xff, at, at + 4);
      const object = filmFile('damaged', H264, [damaged]);
      const part10 = readPart10(object);
      const [fragment] = part10.pixelData?.fragments ?? [];
      const found = await movieEdits(part10, memorySource(object), () => false);
      for (const { start, length } of found?.edits.ranges ?? []) {
        expect(start).toBeGreaterThanOrEqual(fragment?.start ?? 0);
        expect(start + length).toBeLessThanOrEqual((fragment?.start ?? 0) + (fragment?.length ?? 0));
      }
    }
  });
});
