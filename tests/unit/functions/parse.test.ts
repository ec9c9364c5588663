import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../functions/parse/content-kind.ts';
import {
  itemOfObject,
  type Parsed,
  type ParsePorts,
  parseObjects,
} from '../../../functions/parse/parse-objects.ts';
import { objectReader } from '../../../functions/parse/read-first.ts';
import { METADATA } from '../../../shared/contract/names.ts';
import { type CreatedObject, createdObjects } from '../../../shared/runtime/message-body.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { queueBatchStep } from '../../../shared/runtime/queue-step.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { makeIso, SECTOR } from '../../helpers/iso.ts';
import { failures, lambdaContext, notification, sqsEvent } from '../../helpers/lambda.ts';
import { memoryLedger } from '../../helpers/memory-ledger.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';
import { makeTar } from '../../helpers/tar.ts';
import { makeZip } from '../../helpers/zip.ts';

const upload = newOpaqueId();

/** A vault, and `parse` over it. */
function parse() {
  const vault = memoryStore('vault');
  const ledger = memoryLedger();
  const record = recorder<Parsed>();
  const ports: ParsePorts = { ...objectReader(vault), arrive: ledger.arrive };
  const handler = queueBatchStep({
    schema: createdObjects,
    itemOf: itemOfObject,
    runBatch: (objects) => parseObjects(objects, ports),
    ...record.ports,
  });
  const put = async (
    key: string,
    bytes: Uint8Array,
    metadata: Record<string, string> = {},
  ): Promise<CreatedObject> => {
    const written = await vault.put(key, bytes, { metadata });
    return {
      bucket: 'vault',
      key,
      versionId: written.written ? written.versionId : '',
      size: bytes.length,
      createdAt: '2026-01-02T03:04:05.000Z',
    };
  };
  return {
    vault,
    ledger,
    record,
    put,
    handle: (...bodies: unknown[]) => handler(sqsEvent(bodies), lambdaContext),
  };
}

describe('parse', () => {
  it('passes an instance on as a pointer to the version that it looked at, and books its arrival', async () => {
    const { put, handle, record, ledger } = parse();
    const object = await put(`uploads/${upload}/a folder/Doe^Jane.dcm`, makeInstance());
    expect(failures(await handle(notification(object)))).toEqual([]);
    const item = itemOfObject(object);
    const { bucket, key, versionId, size } = object;
    expect(record.sent).toEqual([{ item, object: { bucket, key, versionId }, size }]);
    expect([...ledger.arrivals.values()]).toEqual([
      {
        item,
        path: 'a folder/Doe^Jane.dcm',
        size,
        receivedAt: object.createdAt,
        object: { key, versionId },
      },
    ]);
  });

  it('passes an archive on, whatever its name is', async () => {
    const { put, handle, record } = parse();
    const object = await put(`uploads/${upload}/image.dcm`, makeZip([{ name: 'a' }]));
    await handle(notification(object));
    expect(record.sent).toMatchObject([{ format: 'zip', depth: 0, size: object.size }]);
  });

  it('takes path, archive and depth of an extracted entry from what is written beside it', async () => {
    const { put, handle, record, ledger } = parse();
    const parent = newOpaqueId();
    const object = await put(`extracted/${upload}/${parent}/0000003`, makeZip([{ name: 'a' }]), {
      [METADATA.path]: Buffer.from('outer.zip/Müller/inner.zip').toString('base64url'),
      [METADATA.parent]: parent,
      [METADATA.depth]: '1',
    });
    await handle(notification(object));
    expect(record.sent).toMatchObject([{ format: 'zip', depth: 1, item: { upload } }]);
    expect([...ledger.arrivals.values()]).toMatchObject([{ path: 'outer.zip/Müller/inner.zip', parent }]);
  });

  it('believes nothing that an uploader wrote beside a file', async () => {
    const { put, handle, record, ledger } = parse();
    const object = await put(`uploads/${upload}/a.zip`, makeZip([{ name: 'a' }]), {
      [METADATA.path]: 'eA',
      [METADATA.parent]: 'x',
      [METADATA.depth]: '99',
    });
    await handle(notification(object));
    expect(record.sent).toMatchObject([{ depth: 0 }]);
    expect([...ledger.arrivals.values()][0]).toMatchObject({ path: 'a.zip' });
    expect([...ledger.arrivals.values()][0]).not.toHaveProperty('parent');
  });

  it('books what belongs to no upload as unregistered', async () => {
    const { put, handle, record } = parse();
    await handle(notification(await put('uploads/../a.dcm', makeInstance())));
    expect(record.sent).toMatchObject([{ item: { upload: 'unregistered' } }]);
  });

  it('reads no more than the first 4 KiB of an object', async () => {
    const { vault } = parse();
    await vault.put('uploads/x', new Uint8Array(1_000_000));
    const read = await objectReader(vault).readFirst(
      { bucket: 'vault', key: 'uploads/x', versionId: '', size: 1_000_000, createdAt: '' },
      4_096,
    );
    expect(read.bytes).toHaveLength(4_096);
  });

  it('gives the same item to the same notification delivered twice, and writes the same again', async () => {
    const { put, handle, record, ledger } = parse();
    const body = notification(await put(`uploads/${upload}/a.dcm`, makeInstance()));
    await Promise.all([handle(body), handle(body)]);
    expect(record.sent).toHaveLength(2);
    expect(record.sent[0]).toEqual(record.sent[1]);
    expect(ledger.arrivals.size).toBe(1);
  });

  it('leaves the other records unharmed by an object that is gone', async () => {
    const { put, handle, record } = parse();
    const here = notification(await put(`uploads/${upload}/a.dcm`, makeInstance()));
    const gone = notification({
      bucket: 'vault',
      key: 'uploads/gone',
      versionId: 'v9',
      size: 9,
      createdAt: '',
    });
    expect(failures(await handle(gone, here))).toEqual(['m0']);
    expect(record.sent).toHaveLength(1);
    expect(record.refusals).toEqual([]);
  });

  it('gives everything back when the ledger cannot be written', async () => {
    const { vault, put } = parse();
    const record = recorder<Parsed>();
    const handler = queueBatchStep({
      schema: createdObjects,
      itemOf: itemOfObject,
      runBatch: (objects) =>
        parseObjects(objects, {
          ...objectReader(vault),
          arrive: async () => {
            throw new Error('throttled');
          },
        }),
      ...record.ports,
    });
    const body = notification(await put(`uploads/${upload}/a.dcm`, makeInstance()));
    expect(failures(await handler(sqsEvent([body]), lambdaContext))).toEqual(['m0']);
    expect(record.sent).toEqual([]);
  });
});

describe('a disk image', () => {
  const image = makeIso([{ name: 'IM1', content: makeInstance() }]);
  const bootable = Buffer.from(image);
  bootable.fill(0xeb, 0, 512);
  const udf = Buffer.from(image);
  udf.write('BEA01', 16 * SECTOR + 1, 'latin1');

  it.each([
    ['with nothing before its descriptors', image],
    ['that computers start from', bootable],
  ])('%s is told by what stands within it', async (_, bytes) => {
    const { handle, put, record } = parse();
    await handle(notification(await put(`uploads/${upload}/disk`, bytes)));
    expect(record.sent).toMatchObject([{ format: 'iso', size: bytes.length, depth: 0 }]);
  });

  it('of another kind is no archive that is unpacked; zeros alone are nothing', async () => {
    const { handle, put, record } = parse();
    const raw = Buffer.alloc(40_000);
    raw.fill(0xff, 1, 11);
    const contents = [udf, raw, Buffer.alloc(40_000), image.subarray(0, 16 * SECTOR)];
    for (const bytes of contents) await handle(notification(await put(`uploads/${upload}/a`, bytes)));
    expect(record.sent).toEqual([]);
    expect(record.refusals.map(({ reason, where }) => `${reason}: ${where}`)).toEqual([
      'unsupported-archive: a disk image in UDF',
      'unsupported-archive: a disk image of raw sectors',
      'not-dicom: no kind that is known',
      'not-dicom: no kind that is known',
    ]);
  });
});

describe('what a file is', () => {
  const dicomThatImitatesZip = makeInstance();
  dicomThatImitatesZip.set([0x50, 0x4b, 0x03, 0x04]);
  it.each<[string, Uint8Array, ReturnType<typeof contentOf>]>([
    ['an instance', makeInstance(), { kind: 'dicom' }],
    ['an instance with another head in its preamble', dicomThatImitatesZip, { kind: 'dicom' }],
    ['a ZIP archive', makeZip([{ name: 'a' }]), { kind: 'archive', format: 'zip' }],
    ['a ZIP archive of nothing', makeZip([]), { kind: 'archive', format: 'zip' }],
    ['a GZIP file', Uint8Array.of(0x1f, 0x8b, 8), { kind: 'archive', format: 'gzip' }],
    ['a tar archive', makeTar([{ name: 'a' }]), { kind: 'archive', format: 'tar' }],
    [
      'a tar archive of the old form',
      makeTar([{ name: 'a', magic: '' }]),
      { kind: 'archive', format: 'tar' },
    ],
    [
      'a 7z archive',
      Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c),
      { kind: 'other-archive', what: '7z' },
    ],
    ['a RAR archive', Buffer.from('Rar!\x1a\x07\x01'), { kind: 'other-archive', what: 'RAR' }],
    ['a text', Buffer.from('Patient: Doe, Jane. '.repeat(20)), { kind: 'neither', what: 'text' }],
    ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ'), { kind: 'neither', what: 'a PDF document' }],
    ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16), { kind: 'neither', what: 'a JPEG picture' }],
    ['one byte', Uint8Array.of(0x50), { kind: 'neither', what: 'text' }],
  ])('is told of %s', (_, bytes, content) => {
    expect(contentOf(bytes.subarray(0, 4_096))).toEqual(content);
  });
});
