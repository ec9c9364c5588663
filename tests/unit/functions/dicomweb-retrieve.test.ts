import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { dicomwebRoutes } from '../../../functions/dicomweb/routes.ts';
import { instanceKey } from '../../../shared/contract/names.ts';
import { readPart10, tagOf } from '../../../shared/dicom/index.ts';
import { boundaryOf, readMultipart } from '../../../shared/dicomweb/multipart.ts';
import { caller } from '../../helpers/http.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/01-transfer-syntax/', import.meta.url));
const CT = 'ct-family/CTImage.dcm_';
const UIDS = { study: '2.25.1', series: '2.25.11', instance: '2.25.111' };
const PLACE = '/studies/2.25.1/series/2.25.11/instances/2.25.111';
const EXPLICIT = '1.2.840.10008.1.2.1';

async function holding(bytes: Uint8Array) {
  const library = memoryStore('library');
  await library.put(instanceKey(UIDS), bytes);
  const { call } = caller(
    dicomwebRoutes('/dicomweb', {
      index: memoryIndex(),
      library,
      signGet: async (key) => `https://library/${key}`,
      keep: async (key, pieces, contentType) => {
        const all: Uint8Array[] = [];
        for await (const piece of pieces) all.push(piece);
        await library.put(key, Buffer.concat(all), { contentType });
      },
      signStream: async (_, path) => `https://stream${path}`,
    }),
  );
  return async (path: string, accept?: string, headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await call(method, `/dicomweb${PLACE}${path}`, {
      headers: { ...(accept === undefined ? {} : { accept }), ...headers },
    });
    const type = answer.headers['content-type'] ?? '';
    return {
      status: answer.status,
      headers: answer.headers,
      bytes: answer.bytes,
      get parts() {
        return readMultipart(answer.bytes, boundaryOf(type)).map(({ headers: own, body }) => ({
          type: own.get('content-type'),
          bytes: Buffer.from(body),
        }));
      },
    };
  };
}

const OCTETS = 'multipart/related; type="application/octet-stream"';
const file = (path: string) => readFileSync(CORPUS + path);

describe.skipIf(!existsSync(CORPUS))(`an encoded instance (needs the corpus at ${CORPUS})`, () => {
  const pixels = () =>
    Buffer.from(
      readPart10(file(`${CT}LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm`)).dataSet.value(
        0x7fe00010,
      )!,
    );

  it.each([
    'BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2',
    'DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99',
    'LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2',
    'JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90',
    'JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80',
    'JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70',
    'RLELosslessTransferSyntax_1.2.840.10008.1.2.5',
  ])('%s gives its frame decoded, the very samples', async (name) => {
    const ask = await holding(file(`${CT}${name}.dcm`));
    const { parts } = await ask('/frames/1', OCTETS);
    expect(parts[0]?.type).toBe(`application/octet-stream; transfer-syntax=${EXPLICIT}`);
    expect(parts[0]?.bytes.equals(pixels())).toBe(true);
    const single = await ask('/frames/1', 'application/octet-stream');
    expect(single.bytes.equals(pixels())).toBe(true);
  });

  it.each([
    ['DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99', true],
    ['LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2', true],
    ['JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80', true],
    ['RLELosslessTransferSyntax_1.2.840.10008.1.2.5', true],
    // Values in big endian are not turned.
    ['BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2', false],
  ])('%s can be had in Explicit VR Little Endian: %s', async (name, expected) => {
    const ask = await holding(file(`${CT}${name}.dcm`));
    const answer = await ask('', 'application/dicom');
    expect(answer.status).toBe(expected ? 200 : 406);
    if (!expected) return;
    const { transferSyntax, dataSet } = readPart10(answer.bytes);
    expect(transferSyntax.uid).toBe(EXPLICIT);
    expect(Buffer.from(dataSet.value(0x7fe00010)!).equals(pixels())).toBe(true);
    expect(dataSet.text(tagOf('PatientName'))).toBe(
      readPart10(file(`${CT}${name}.dcm`)).dataSet.text(tagOf('PatientName')),
    );
  });

  it('gives frames as they are stored, labelled with their media type', async () => {
    const ask = await holding(file('multiframe/emri_small_jpeg_2k_lossless.dcm'));
    const { parts } = await ask('/frames/3,1', `${OCTETS}; transfer-syntax=*`);
    expect(parts.map(({ type }) => type)).toEqual(
      Array(2).fill('image/jp2; transfer-syntax=1.2.840.10008.1.2.4.90'),
    );
    const decoded = await (await holding(file('multiframe/emri_small.dcm')))('/frames/3,1', OCTETS);
    const own = await ask('/frames/3,1', OCTETS);
    expect(own.parts.map(({ bytes }) => bytes)).toEqual(decoded.parts.map(({ bytes }) => bytes));
    expect((await ask('/frames/1', 'multipart/related; type="image/jp2"')).parts[0]?.bytes).toEqual(
      parts[1]?.bytes,
    );
    expect([(await ask('/frames/11', OCTETS)).status, (await ask('/frames/1', 'image/jls')).status]).toEqual([
      404, 406,
    ]);
    expect((await ask('/frames/1,2', 'application/octet-stream')).status).toBe(406);
  });

  it('gives all frames of a multi-frame decoded in one object', async () => {
    const answer = await (await holding(file('multiframe/emri_small_jpeg_ls_lossless.dcm')))(
      '',
      'application/dicom',
    );
    const plain = readPart10(file('multiframe/emri_small.dcm')).dataSet.value(0x7fe00010)!;
    expect(Buffer.from(readPart10(answer.bytes).dataSet.value(0x7fe00010)!).equals(Buffer.from(plain))).toBe(
      true,
    );
  });

  it('gives colours that mean what the header says of them', async () => {
    const path = 'colour-family/TestPattern_JPEG-Baseline_YBR422.dcm';
    const ask = await holding(file(path));
    const [frame] = (await ask('/frames/1', OCTETS)).parts;
    // Two bytes a pixel, as 4:2:2 has them.
    expect(frame?.bytes.length).toBe(640 * 400 * 2);
    const whole = readPart10((await ask('', 'application/dicom')).bytes);
    expect(whole.dataSet.text(tagOf('PhotometricInterpretation'))).toBe('YBR_FULL_422');
    const shown = async (bytes: Uint8Array) =>
      sharp((await (await holding(bytes))('/rendered', 'image/png')).bytes)
        .raw()
        .toBuffer();
    const [from, to] = [await shown(file(path)), await shown((await ask('', 'application/dicom')).bytes)];
    const differences = from.map((sample, at) => Math.abs(sample - to[at]!));
    expect(differences.reduce((sum, one) => sum + one, 0) / from.length).toBeLessThan(2);
  });
});

const LUT = new Uint8Array(2_000).map((_, at) => at % 251);
const instance = () =>
  makeInstance({
    ...UIDS,
    rows: 16,
    columns: 16,
    frames: 3,
    with: [{ tag: 0x00281201, vr: 'OW', value: LUT }],
  });

describe('an instance', () => {
  it('is one part of several, or itself', async () => {
    const ask = await holding(instance());
    const related = await ask('', 'multipart/related; type="application/dicom"');
    expect(related.parts).toEqual([
      { type: `application/dicom; transfer-syntax=${EXPLICIT}`, bytes: Buffer.from(instance()) },
    ]);
    expect((await ask('', 'application/dicom')).bytes.equals(instance())).toBe(true);
    expect((await ask('', 'image/png')).status).toBe(406);
  });

  it.each([
    ['bytes=0-3', 206, 0, 4],
    ['bytes=128-131', 206, 128, 132],
    ['bytes=-10', 206, -10, undefined],
    ['bytes=0-1,5-6', 200, 0, undefined],
    ['lines=1-2', 200, 0, undefined],
  ])('is sent in part for %s', async (range, status, from, to) => {
    const ask = await holding(instance());
    const answer = await ask('', 'application/dicom', { range });
    expect(answer.status).toBe(status);
    expect(answer.bytes.equals(Buffer.from(instance()).subarray(from, to))).toBe(true);
    const frame = await ask('/frames/2', 'application/octet-stream', { range: 'bytes=2-5' });
    expect(frame.headers['content-range']).toBe('bytes 2-5/512');
  });

  it('has no range behind its end, and none of another version', async () => {
    const ask = await holding(instance());
    const behind = await ask('', 'application/dicom', { range: 'bytes=999999-' });
    expect([behind.status, behind.headers['content-range']]).toEqual([416, `bytes */${instance().length}`]);
    expect((await ask('', 'application/dicom', { range: 'bytes=0-1', 'if-range': '"old"' })).status).toBe(
      200,
    );
  });

  it('is known by a tag that differs by form', async () => {
    const ask = await holding(instance());
    const tagged = async (path: string, accept?: string) => (await ask(path, accept)).headers.etag;
    const tags = [
      await tagged('', 'application/dicom'),
      await tagged(''),
      await tagged('/frames/1'),
      await tagged('/frames/2'),
      await tagged('/rendered'),
      await tagged('/rendered?quality=10'),
    ];
    expect(new Set(tags).size).toBe(tags.length);
    expect((await ask('', 'application/dicom', { 'if-none-match': `"x", W/${tags[0]}` })).status).toBe(304);
    expect((await ask('', undefined, { 'if-none-match': tags[0] ?? '' })).status).toBe(200);
  });

  it('tells its length to who asks for no more', async () => {
    const answer = await (await holding(instance()))('', 'application/dicom', {}, 'HEAD');
    expect([answer.status, answer.bytes.length, answer.headers['content-length']]).toEqual([
      200,
      0,
      String(instance().length),
    ]);
  });

  it('is fetched elsewhere where it is too long for an answer', async () => {
    const ask = await holding(makeInstance({ ...UIDS, rows: 2_000, columns: 2_000 }));
    expect((await ask('', 'application/dicom')).headers.location).toBe(
      `https://library/${instanceKey(UIDS)}`,
    );
    expect((await ask('', undefined, {}, 'HEAD')).headers.location).toBe(`https://stream${PLACE}`);
    const kept = (await ask('/frames/1')).headers.location;
    expect(kept).toMatch(/^https:\/\/library\/answers\/[0-9a-f]{64}$/);
    expect((await ask('/frames/1')).headers.location).toBe(kept);
    expect((await ask('')).headers.location).not.toBe(kept);
    expect((await ask('/frames/1', 'application/octet-stream')).headers.location).not.toBe(kept);
    expect((await ask('/frames/1', 'application/octet-stream', { range: 'bytes=0-1' })).status).toBe(206);
  });

  it('gives its bulk data by path, in parts or alone', async () => {
    const ask = await holding(instance());
    const alone = await ask('/bulkdata/00281201', 'application/octet-stream');
    expect(alone.bytes.equals(Buffer.from(LUT))).toBe(true);
    expect((await ask('/bulkdata/00281201')).parts[0]?.bytes.equals(Buffer.from(LUT))).toBe(true);
    for (const path of ['00281202', '7FE00010', '00281201/1', 'x', '00081140/1/00081155', '0028120%31x'])
      expect([path, (await ask(`/bulkdata/${path}`)).status]).toEqual([path, 404]);
    expect((await ask('/bulkdata/00281201', 'image/jpeg')).status).toBe(406);
  });
});

describe('a picture', () => {
  it.each([
    ['/rendered', 'image/jpeg', 'jpeg', 16, 16],
    ['/rendered', undefined, 'jpeg', 16, 16],
    ['/rendered?viewport=8,4', 'image/png', 'png', 4, 4],
    ['/rendered?viewport=64,64,4,4,8,8', 'image/png', 'png', 64, 64],
    ['/frames/2/rendered?window=10,20,sigmoid', 'image/webp', 'webp', 16, 16],
    ['/frames/2/thumbnail', 'image/png', 'png', 16, 16],
    ['/thumbnail?viewport=16,16', 'image/jpeg', 'jpeg', 16, 16],
  ])('at %s as %s is %s of %i x %i', async (path, accept, format, width, height) => {
    const answer = await (await holding(instance()))(path, accept);
    expect(answer.headers['content-type']).toBe(`image/${format}`);
    expect(await sharp(answer.bytes).metadata()).toMatchObject({ format, width, height });
  });

  it('is mirrored and cut as a viewport says', async () => {
    const grey = async (query: string) =>
      sharp((await (await holding(instance()))(`/frames/1/rendered${query}`, 'image/png')).bytes)
        .toColourspace('b-w')
        .raw()
        .toBuffer();
    const whole = await grey('');
    const rows = (bytes: Buffer, width: number) =>
      Array.from({ length: bytes.length / width }, (_, y) => [...bytes.subarray(y * width, (y + 1) * width)]);
    const picture = rows(whole, 16);
    expect(rows(await grey('?viewport=8,8,4,2,8,8'), 8)).toEqual(
      picture.slice(2, 10).map((row) => row.slice(4, 12)),
    );
    expect(rows(await grey('?viewport=16,16,0,0,-16,16'), 16)).toEqual(
      picture.map((row) => [...row].reverse()),
    );
    expect(rows(await grey('?viewport=16,16,0,0,16,-16'), 16)).toEqual([...picture].reverse());
  });

  it.each([
    ['/rendered', 'image/gif', 406],
    ['/rendered?window=1', 'image/png', 400],
    ['/rendered?viewport=8,8,99,99,1,1', 'image/png', 400],
    ['/frames/4/rendered', 'image/png', 404],
    ['/frames/0/rendered', 'image/png', 400],
  ])('at %s as %s is answered with %i', async (path, accept, status) => {
    expect((await (await holding(instance()))(path, accept)).status).toBe(status);
  });

  it('is not to be had of what holds none, but a tile is', async () => {
    const ask = await holding(makeInstance({ ...UIDS, without: [0x7fe00010, 0x00280010, 0x00280011] }));
    expect([(await ask('/rendered')).status, (await ask('/frames/1')).status]).toEqual([406, 404]);
    expect((await sharp((await ask('/thumbnail', 'image/png')).bytes).metadata()).format).toBe('png');
  });
});
