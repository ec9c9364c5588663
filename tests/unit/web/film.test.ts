import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asMp4 } from '../../../web/link-page/film/as-mp4.ts';
import { picturesOf } from '../../../web/link-page/film/transport-stream.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/video/${name}`, import.meta.url));
const SIZE = { width: 160, height: 120 };
const bytesOf = async (film: Blob | undefined) =>
  Buffer.from((await film?.arrayBuffer()) ?? new ArrayBuffer(0));
/** What follows the header of the first box of a type. */
const content = (film: Buffer, type: string) => {
  const at = film.indexOf(type);
  return film.subarray(at + 4, at - 4 + film.readUInt32BE(at - 4));
};
const STREAM = fixture('film.m2ts');

describe('a film in a transport stream', () => {
  it('has the pictures, the times and the keys of the file that it was made of', async () => {
    const [own, made] = [fixture('film.mp4'), await bytesOf(asMp4(STREAM, SIZE))];
    // Of the one every picture is 9,000 of 90,000 units long, of the other 1,024 of 10,240.
    expect(content(made, 'stts').toString('hex')).toBe('0000000000000001' + '0000001e' + '00002328');
    expect(content(made, 'stss')).toEqual(content(own, 'stss'));
    const shown = (film: Buffer, unit: number) => {
      const table = content(film, 'ctts');
      const offsets = Array.from({ length: table.readUInt32BE(4) }, (_, run) =>
        Array<number>(table.readUInt32BE(8 + run * 8)).fill(table.readInt32BE(12 + run * 8) / unit),
      ).flat();
      const times = offsets.map((offset, at) => at + offset);
      return times.map((time) => time - Math.min(...times));
    };
    expect(shown(made, 9_000)).toEqual(shown(own, 1_024));
    expect(content(made, 'avcC').subarray(0, 8)).toEqual(content(own, 'avcC').subarray(0, 8));
  });

  it('is told apart in packets of discs as well, and behind fields of adaptation', async () => {
    const packets = Array.from({ length: STREAM.length / 188 }, (_, at) =>
      Buffer.concat([Buffer.from([0, 0, 0, at & 255]), STREAM.subarray(at * 188, at * 188 + 188)]),
    );
    expect(await bytesOf(asMp4(Buffer.concat(packets), SIZE))).toEqual(await bytesOf(asMp4(STREAM, SIZE)));
  });

  it.each(['film.mp4', 'film.h264', 'film.mpg'])('is not what %s is', (name) => {
    expect(asMp4(fixture(name), SIZE)).toBeUndefined();
  });

  it('ends somewhere, whatever is wrong with it', () => {
    for (let at = 0; at < STREAM.length; at += 97) {
      const damaged = Buffer.from(STREAM);
      damaged.fill(0xff, at, at + 9);
      expect(() => asMp4(damaged, SIZE)).not.toThrow();
      expect(picturesOf(STREAM.subarray(0, at))?.length ?? 0).toBeLessThanOrEqual(30);
    }
  });
});
