import { describe, expect, it } from 'vitest';
import { streamRoutes } from '../../../functions/stream-dicomweb/routes.ts';
import { instanceKey } from '../../../shared/contract/names.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { boundaryOf, readMultipart } from '../../../shared/dicomweb/multipart.ts';
import { answerer } from '../../../shared/runtime/http-handler.ts';
import type { StreamedAnswer } from '../../../shared/runtime/streaming-handler.ts';
import { lambdaContext } from '../../helpers/lambda.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';
import { storeStudy } from '../../helpers/stored-study.ts';
import { imageBytes, RLE, text } from '../pixels/image-object.ts';

const UIDS = { study: '2.25.1', series: '2.25.11', instance: '2.25.111' };
const PLACE = '/dicomweb/studies/2.25.1/series/2.25.11/instances/2.25.111';
const DECODED = 'application/octet-stream';
/** One segment (PS3.5 G.5) of eight equal bytes, and one that says it begins behind its end. */
const segmented = (offset: number, ...coded: number[]) => {
  const frame = Buffer.alloc(64 + coded.length);
  frame.writeUInt32LE(1, 0);
  frame.writeUInt32LE(offset, 4);
  frame.set(coded, 64);
  return frame;
};
const SOUND = segmented(64, 0xf9, 5);
const DAMAGED = segmented(4_000, 0xf9, 5);

const rle = (...fragments: Uint8Array[]) =>
  imageBytes(
    {
      rows: 2,
      columns: 4,
      frames: fragments.length,
      transferSyntax: RLE,
      more: [
        text(0x00080018, 'UI', UIDS.instance),
        text(0x0020000d, 'UI', UIDS.study),
        text(0x0020000e, 'UI', UIDS.series),
      ],
    },
    { fragments },
  );

async function holding(bytes: Uint8Array) {
  const library = memoryStore('library');
  await storeStudy(library, UIDS.study, [bytes]);
  await library.put(instanceKey(UIDS), bytes);
  const { ports, lines } = recorder();
  const answer = answerer<StreamedAnswer>(streamRoutes(library), ports.log);
  const ask = async (path: string, accept: string, method = 'GET') => {
    const { status, headers, body } = await answer(
      {
        rawPath: path,
        headers: { accept },
        requestContext: { http: { method }, authorizer: { iam: { userId: 'AIDADICOMWEB' } } },
      },
      lambdaContext,
    );
    const collect = async () => {
      const pieces: Uint8Array[] = [];
      if (typeof body === 'object' && Symbol.asyncIterator in body)
        for await (const piece of body) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    return { status, headers, body, collect };
  };
  return { ask, lines };
}

describe('an answer that is streamed', () => {
  it('gives a frame decoded', async () => {
    const { ask } = await holding(rle(SOUND));
    const { status, collect } = await ask(`${PLACE}/frames/1`, DECODED);
    expect([status, await collect()]).toEqual([200, Buffer.alloc(8, 5)]);
  });

  it.each([
    ['a frame', '/frames/1', DECODED],
    ['a frame as a part', '/frames/1', `multipart/related; type="${DECODED}"`],
    ['the whole instance', '', 'application/dicom'],
    ['the whole instance as a part', '', 'multipart/related; type="application/dicom"'],
    ['a picture', '/rendered', 'image/png'],
  ])(
    'is refused with the reason where %s cannot be decoded as was asked for',
    async (_case, path, accept) => {
      const { ask, lines } = await holding(rle(DAMAGED));
      const { status, body } = await ask(PLACE + path, accept);
      expect([status, body]).toEqual([406, { error: 'undecodable' }]);
      expect(lines.map(({ event }) => event)).not.toContain('a request failed');
    },
  );

  it('gives a damaged frame as it is stored to who asks for that', async () => {
    const { ask } = await holding(rle(DAMAGED));
    const { status, collect } = await ask(`${PLACE}/frames/1`, `${DECODED}; transfer-syntax=*`);
    expect([status, await collect()]).toEqual([200, DAMAGED]);
  });

  it('breaks off where a later frame cannot be decoded, so that none takes half for the whole', async () => {
    const { ask } = await holding(rle(SOUND, DAMAGED));
    const { status, collect } = await ask(`${PLACE}/frames/1,2`, `multipart/related; type="${DECODED}"`);
    expect(status).toBe(200);
    await expect(collect()).rejects.toThrow('undecodable');
  });

  it('sends an instance of a study as it is stored, and says so, where it cannot be decoded', async () => {
    const { ask } = await holding(rle(DAMAGED));
    const { status, headers, collect } = await ask(
      '/dicomweb/studies/2.25.1',
      'multipart/related; type="application/dicom"',
    );
    const [part] = readMultipart(await collect(), boundaryOf(headers?.['content-type'] ?? ''));
    expect([status, part?.headers.get('content-type')]).toEqual([
      200,
      `application/dicom; transfer-syntax=${RLE}`,
    ]);
    expect(readPart10(part?.body as Uint8Array).transferSyntax.uid).toBe(RLE);
  });
});
