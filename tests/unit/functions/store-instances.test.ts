import { describe, expect, it } from 'vitest';
import { MAXIMUM_REQUEST_BYTES, storeRoutes } from '../../../functions/store-instances/routes.ts';
import { caller } from '../../helpers/http.ts';
import { MR_IMAGE, makeInstance } from '../../helpers/instance.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const UPLOAD = '0123456789abcdefghjkmnpqrs';

function archive() {
  const vault = memoryStore('vault');
  const uploads: string[] = [];
  const { call, lines } = caller(
    storeRoutes('/dicomweb', {
      vault,
      newUpload: () => UPLOAD,
      ledger: {
        openUpload: async (upload) => void uploads.push(`open ${upload}`),
        closeUpload: async (upload, expected) => {
          uploads.push(`close ${upload} of ${expected}`);
          return true;
        },
      },
    }),
  );
  const post = (path: string, contentType: string, body: Uint8Array, headers: Record<string, string> = {}) =>
    call('POST', `/dicomweb${path}`, { body, headers: { 'content-type': contentType, ...headers } });
  return { post, vault, uploads, lines };
}

const RELATED = 'multipart/related; type="application/dicom"; boundary=x';
const parts = (...bodies: [type: string, body: Uint8Array][]) =>
  Buffer.concat([
    ...bodies.flatMap(([type, body]) => [Buffer.from(`\r\n--x\r\nContent-Type: ${type}\r\n\r\n`), body]),
    Buffer.from('\r\n--x--\r\n'),
  ]);
const reference = (instance: string) => ({
  '00081150': { vr: 'UI', Value: [MR_IMAGE] },
  '00081155': { vr: 'UI', Value: [instance] },
});
const DICOM = 'application/dicom';
const one = makeInstance({ instance: '1.2.3.4.1' });
const two = makeInstance({ instance: '1.2.3.4.2' });

describe('instances that are stored', () => {
  it('become the files of one upload, byte for byte, and are named as they came', async () => {
    const { post, vault, uploads } = archive();
    const answer = await post('/studies', RELATED, parts([DICOM, one], [DICOM, two]));
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/dicom+json']);
    expect(answer.headers['filmroom-upload']).toBe(UPLOAD);
    expect(answer.json).toEqual({
      '00081199': { vr: 'SQ', Value: [reference('1.2.3.4.1'), reference('1.2.3.4.2')] },
    });
    expect(uploads).toEqual([`open ${UPLOAD}`, `close ${UPLOAD} of 2`]);
    const stored = [1, 2].map((n) => vault.objects.get(`uploads/${UPLOAD}/stow/${n}.dcm`)?.bytes);
    expect(stored.map((bytes) => Buffer.from(bytes ?? []))).toEqual([Buffer.from(one), Buffer.from(two)]);
  });

  it('may come as a single one', async () => {
    const { post, uploads } = archive();
    expect((await post('/studies/1.2.3', DICOM, one)).status).toBe(200);
    expect(uploads).toHaveLength(2);
  });

  it('are taken where others are refused, each by its reason', async () => {
    const { post, vault, uploads } = archive();
    const answer = await post(
      '/studies/1.2.3',
      RELATED,
      parts(
        [DICOM, one],
        [DICOM, makeInstance({ study: '9.9', instance: '9.9.1' })],
        [DICOM, Buffer.from('Doe^Jane')],
        [DICOM, one.subarray(0, one.length - 10)],
        ['image/jpeg', one],
      ),
    );
    expect(answer.status).toBe(202);
    expect(answer.json['00081199'].Value).toEqual([reference('1.2.3.4.1')]);
    expect(answer.json['00081198'].Value).toEqual([
      { ...reference('9.9.1'), '00081197': { vr: 'US', Value: [0xa900] } },
      { '00081197': { vr: 'US', Value: [0xc000] } },
      { '00081197': { vr: 'US', Value: [0xc000] } },
      { '00081197': { vr: 'US', Value: [0x0110] } },
    ]);
    expect([...vault.objects.keys()]).toEqual([`uploads/${UPLOAD}/stow/1.dcm`]);
    expect(uploads.at(-1)).toBe(`close ${UPLOAD} of 1`);
  });
});

describe('a request to store', () => {
  it('opens no upload where nothing of it is taken', async () => {
    const { post, uploads, lines } = archive();
    const answer = await post('/studies', DICOM, Buffer.from('Doe^Jane'));
    expect([answer.status, answer.headers['filmroom-upload']]).toEqual([409, undefined]);
    expect(uploads).toEqual([]);
    expect(JSON.stringify(lines) + answer.bytes).not.toContain('Doe');
  });

  it.each<[number, string, string, Uint8Array, Record<string, string>?]>([
    [415, '/studies', 'application/octet-stream', one],
    [415, '/studies', 'multipart/related; type="application/dicom+json"; boundary=x', one],
    [415, '/studies', 'multipart/form-data; boundary=x', one],
    [400, '/studies', 'multipart/related; type="application/dicom"', one],
    [400, '/studies', RELATED, one],
    [400, '/studies', RELATED, Buffer.from('--x--')],
    [400, '/studies/..%2F1', DICOM, one],
    [406, '/studies', DICOM, one, { accept: 'application/dicom+xml' }],
    [413, '/studies', DICOM, new Uint8Array(MAXIMUM_REQUEST_BYTES + 1)],
  ])('is answered with %s at %s as %s', async (status, path, contentType, body, headers) => {
    const { post, uploads } = archive();
    expect((await post(path, contentType, body, headers)).status).toBe(status);
    expect(uploads).toEqual([]);
  });
});
