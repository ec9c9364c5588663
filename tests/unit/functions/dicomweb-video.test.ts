/** Videos over DICOMweb: their own bytes, by ranges, whatever fragments and container they are in. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { streamRoutes } from '../../../functions/stream-dicomweb/routes.ts';
import { instanceKey } from '../../../shared/contract/names.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { boundaryOf, readMultipart } from '../../../shared/dicomweb/multipart.ts';
import { VIDEO_SLICE, videoType } from '../../../shared/dicomweb/video.ts';
import { answerer } from '../../../shared/runtime/http-handler.ts';
import type { StreamedAnswer } from '../../../shared/runtime/streaming-handler.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { lambdaContext } from '../../helpers/lambda.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';
import { filmFile } from '../../helpers/viewer-studies.ts';

const H264 = '1.2.840.10008.1.2.4.102';
const HEVC = '1.2.840.10008.1.2.4.107';
const MPEG_2 = '1.2.840.10008.1.2.4.100';
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/video/${name}`, import.meta.url));
const MP4 = fixture('film.mp4');
const even = (bytes: Buffer) => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]));

async function holding(bytes: Uint8Array) {
  const { dataSet } = readPart10(bytes);
  const [study = '', series = '', instance = ''] = [0x0020000d, 0x0020000e, 0x00080018].map((tag) =>
    dataSet.uid(tag),
  );
  const library = memoryStore('library');
  await library.put(instanceKey({ study, series, instance }), bytes);
  const answer = answerer<StreamedAnswer>(streamRoutes(library), recorder().ports.log);
  return async (path: string, sent: Record<string, string> = {}, method = 'GET') => {
    const [resource = '', rawQueryString = ''] = path.split('?');
    library.requests.length = 0;
    const {
      status,
      headers = {},
      body,
      ...rest
    } = await answer(
      {
        rawPath: `/dicomweb/studies/${study}/series/${series}/instances/${instance}${resource}`,
        rawQueryString,
        headers: sent,
        requestContext: { http: { method }, authorizer: { iam: { userId: 'AIDADICOMWEB' } } },
      },
      lambdaContext,
    );
    const pieces: Uint8Array[] = [];
    if (method !== 'HEAD' && typeof body === 'object' && Symbol.asyncIterator in body)
      for await (const piece of body) pieces.push(piece);
    return { status, headers, length: (rest as StreamedAnswer).length, bytes: Buffer.concat(pieces), body };
  };
}
const BULK = '/bulkdata/7FE00010';
const fragmented = filmFile('a', `${H264}.1`, [
  MP4.subarray(0, 1_000),
  MP4.subarray(1_000, 1_002),
  MP4.subarray(1_002),
]);

describe('a video', () => {
  it.each([
    ['/rendered?accept=video/mp4', {}],
    ['/rendered', { accept: 'video/*' }],
    [BULK, { accept: '*/*' }],
    [BULK, {}],
    [`${BULK}?accept=video/mp4`, { accept: 'text/html' }],
  ])('is had whole at %s %j, without what stands between its fragments', async (path, headers) => {
    const ask = await holding(fragmented);
    const { status, headers: told, bytes, length } = await ask(path, headers as Record<string, string>);
    expect([status, told['content-type'], told['accept-ranges']]).toEqual([200, 'video/mp4', 'bytes']);
    expect(bytes.equals(even(MP4))).toBe(true);
    expect(length).toBe(bytes.length);
  });

  it.each([
    ['bytes=0-1', 0, 2],
    ['bytes=998-1003', 998, 6],
    ['bytes=1000-1001', 1_000, 2],
    ['bytes=1001-', 1_001, even(MP4).length - 1_001],
    ['bytes=-10', even(MP4).length - 10, 10],
  ])('is sought in by %s', async (range, start, length) => {
    const ask = await holding(fragmented);
    const { status, headers, bytes } = await ask(BULK, { range });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${start}-${start + length - 1}/${even(MP4).length}`);
    expect(bytes.equals(even(MP4).subarray(start, start + length))).toBe(true);
  });

  it('costs who seeks its first bytes and a slice, however long it is', async () => {
    const long = Buffer.alloc(3 * VIDEO_SLICE, 7);
    MP4.copy(long, 0, 0, 64);
    const ask = await holding(filmFile('long', H264, [long]));
    const from = VIDEO_SLICE + 5;
    const { status, headers, length, bytes } = await ask(BULK, { range: `bytes=${from}-` });
    expect([status, length, bytes.length]).toEqual([206, VIDEO_SLICE, VIDEO_SLICE]);
    expect(headers['content-range']).toBe(`bytes ${from}-${from + VIDEO_SLICE - 1}/${long.length}`);
    expect((await ask(BULK, { range: 'bytes=999999999-' })).status).toBe(416);
  });

  it('says what it is and how long to who asks for the head alone', async () => {
    const ask = await holding(fragmented);
    const { status, headers, length, body } = await ask(BULK, {}, 'HEAD');
    expect([status, headers['content-type'], length]).toEqual([200, 'video/mp4', even(MP4).length]);
    expect(body).toBeDefined();
  });

  it('is not sent again to who has it, and is a part to who takes parts', async () => {
    const ask = await holding(fragmented);
    const { headers } = await ask(BULK);
    expect((await ask(BULK, { 'if-none-match': headers.etag ?? '' })).status).toBe(304);
    const parts = await ask(BULK, { accept: 'multipart/related; type="video/mp4"' });
    const [part] = readMultipart(parts.bytes, boundaryOf(parts.headers['content-type'] ?? ''));
    expect(part?.headers.get('content-type')).toBe('video/mp4');
    expect(even(MP4).equals(part?.body as Uint8Array)).toBe(true);
  });

  it.each([
    ['film.mp4', H264, 'video/mp4'],
    ['film.mp4', HEVC, 'video/mp4'],
    ['film.m2ts', H264, 'video/mp2t'],
    ['film.m2ts', MPEG_2, 'video/mp2t'],
    ['film.h264', H264, 'video/h264'],
    ['film.h264', HEVC, 'video/h265'],
    ['film.mpg', MPEG_2, 'video/mpeg'],
  ])('%s under %s is %s by its first bytes', async (name, transferSyntax, type) => {
    expect(videoType(fixture(name).subarray(0, 512), transferSyntax)).toBe(type);
    const ask = await holding(filmFile(name, transferSyntax, [fixture(name)]));
    expect((await ask(BULK)).headers['content-type']).toBe(type);
    expect((await ask(BULK, { accept: 'application/octet-stream' })).headers['content-type']).toBe(
      'application/octet-stream',
    );
    expect((await ask('/rendered?accept=video/mp4')).status).toBe(type === 'video/mp4' ? 200 : 406);
  });

  it.each([
    ['/rendered', { accept: 'image/jpeg' }, 406],
    ['/rendered', {}, 406],
    [BULK, { accept: 'image/jpeg' }, 406],
    ['/frames/1/rendered?accept=video/mp4', {}, 406],
  ])('is no picture: %s %j', async (path, headers, expected) => {
    const ask = await holding(fragmented);
    expect((await ask(path, headers as Record<string, string>)).status).toBe(expected);
  });

  it('is not what a picture has: its pixel data is had by frames alone', async () => {
    const ask = await holding(makeInstance());
    expect((await ask(BULK)).status).toBe(404);
    expect((await ask('/rendered?accept=video/mp4')).status).toBe(406);
  });
});
