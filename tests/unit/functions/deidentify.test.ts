import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { instanceKey, METADATA } from '../../../shared/contract/names.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { deidentifyOver, pseudonyms } from '../../helpers/deidentify.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { failures, lambdaContext } from '../../helpers/lambda.ts';

const uids = {
  study: pseudonyms.uid('1.2.3'),
  series: pseudonyms.uid('1.2.3.4'),
  instance: pseudonyms.uid('1.2.3.4.5'),
};

describe('deidentify', () => {
  it('writes the instance under its pseudonyms and passes on nothing else', async () => {
    const { arrive, handle, library, record } = deidentifyOver();
    const message = await arrive(makeInstance());
    expect(failures(await handle(message))).toEqual([]);
    const written = library.objects.get(instanceKey(uids))!;
    expect(record.sent).toEqual([
      {
        item: message.item,
        instance: uids,
        object: { bucket: 'library', key: instanceKey(uids), versionId: written.versionId },
        size: written.bytes.length,
        crc32: crc32(written.bytes),
      },
    ]);
    expect(written.options).toMatchObject({
      contentType: 'application/dicom',
      metadata: {
        [METADATA.item]: message.item.item,
        [METADATA.source]: expect.stringMatching(/^sha256:.+:\d+$/),
        [METADATA.run]: lambdaContext.awsRequestId,
      },
    });
    expect(readPart10(written.bytes).dataSet.uid(0x0020000d)).toBe(uids.study);
    for (const canary of ['Doe', 'MRN4711', '1.2.3.4.5'])
      expect(Buffer.from(written.bytes).includes(canary), canary).toBe(false);
    expect(JSON.stringify([record.sent, record.lines])).not.toMatch(/Doe|MRN4711/);
  });

  it('writes the way back before the instance', async () => {
    const { arrive, handle, crosswalk, order } = deidentifyOver();
    await handle(await arrive(makeInstance()));
    expect(order).toEqual(['crosswalk', 'library']);
    expect(crosswalk).toEqual([
      {
        study: uids.study,
        patient: pseudonyms.patientId(undefined, 'MRN4711'),
        original: {
          studyInstanceUid: '1.2.3',
          patientId: 'MRN4711',
          issuerOfPatientId: '',
          patientName: 'Doe^Jane',
          patientBirthDate: '19700101',
        },
      },
    ]);
  });

  it('writes no instance when the way back cannot be written', async () => {
    const { arrive, handle, library } = deidentifyOver({
      ports: {
        crosswalk: async () => {
          throw new Error('throttled');
        },
      },
    });
    expect(failures(await handle(await arrive(makeInstance())))).toEqual(['m0']);
    expect(library.objects.size).toBe(0);
  });

  it('takes two requests to S3 for a small instance', async () => {
    const { arrive, handle, library, vault } = deidentifyOver();
    const message = await arrive(makeInstance());
    vault.requests.length = 0;
    await handle(message);
    expect([...vault.requests, ...library.requests]).toEqual([
      `read ${message.object.key}`,
      `put ${instanceKey(uids)}`,
    ]);
  });

  it('goes on after a retry of the same item as if it had been the first', async () => {
    const { arrive, handle, record, library, ledger } = deidentifyOver();
    const message = await arrive(makeInstance());
    await handle(message);
    await handle(message);
    expect(record.sent).toHaveLength(2);
    expect(record.sent[0]).toEqual(record.sent[1]);
    expect(library.objects.size).toBe(1);
    expect(ledger.ends.size).toBe(0);
  });

  it('ends the same bytes under another item as a duplicate', async () => {
    const { arrive, handle, record, ledger } = deidentifyOver();
    const first = await arrive(makeInstance());
    const second = await arrive(makeInstance());
    await handle(first);
    expect(failures(await handle(second))).toEqual([]);
    expect(record.sent).toHaveLength(1);
    expect(ledger.ends.get(second.item.item)?.end).toEqual({
      state: 'duplicate',
      reason: 'same-bytes',
      instance: uids,
      modality: 'MR',
    });
  });

  it('books what is refused under the pseudonym of its study, where that can be read', async () => {
    const { arrive, handle, ledger } = deidentifyOver();
    const told = await arrive(makeInstance({ without: [0x00080016] }));
    const untold = await arrive(makeInstance({ without: [0x0020000d], instance: '1.2.3.4.6' }));
    await handle(told);
    await handle(untold);
    expect(ledger.ends.get(told.item.item)?.end).toMatchObject({
      reason: 'missing-attribute',
      study: uids.study,
    });
    expect(ledger.ends.get(untold.item.item)?.end).not.toHaveProperty('study');
  });

  it('refuses other bytes under the same identity, and leaves what stands there', async () => {
    const { arrive, handle, ledger, library } = deidentifyOver();
    await handle(await arrive(makeInstance()));
    const before = library.objects.get(instanceKey(uids));
    const other = await arrive(makeInstance({ number: 2 }));
    expect(failures(await handle(other))).toEqual([]);
    expect(ledger.ends.get(other.item.item)?.end).toMatchObject({
      state: 'quarantined',
      reason: 'conflicting-instance',
    });
    expect(library.objects.get(instanceKey(uids))).toBe(before);
  });

  it('lets exactly one of two equal instances through that come at the same time', async () => {
    const { arrive, handle, record, ledger } = deidentifyOver();
    const messages = await Promise.all([arrive(makeInstance()), arrive(makeInstance())]);
    await Promise.all(messages.map((message) => handle(message)));
    expect(record.sent).toHaveLength(1);
    expect([...ledger.ends.values()].map(({ end }) => end.state)).toEqual(['duplicate']);
  });

  it('leaves the other records of a batch unharmed', async () => {
    const { arrive, handle, record, ledger } = deidentifyOver();
    const good = await arrive(makeInstance());
    const bad = await arrive(makeInstance().subarray(0, -3));
    const gone = {
      ...(await arrive(makeInstance({ instance: '1.9' }))),
      object: { ...good.object, versionId: 'v99' },
    };
    expect(failures(await handle(bad, good, gone))).toEqual(['m2']);
    expect(record.sent).toHaveLength(1);
    expect(ledger.ends.get(bad.item.item)?.end).toMatchObject({ state: 'quarantined', reason: 'truncated' });
  });
});

describe('deidentify, for a large object', () => {
  const rows = 1_024;
  const frames = 20;
  const pixels = Buffer.alloc(rows * rows * frames, 1);
  pixels.write('the first bytes', 0);
  pixels.write('the last bytes', pixels.length - 20);
  const large = makeInstance({
    rows,
    columns: rows,
    frames,
    pixels,
    with: [{ tag: 0x00280100, vr: 'US', value: Uint8Array.of(8, 0) }],
  });

  it('has S3 copy the pixels and reads and writes little itself', async () => {
    const { arrive, handle, library, vault, record } = deidentifyOver();
    const message = await arrive(large);
    vault.requests.length = 0;
    expect(failures(await handle(message))).toEqual([]);
    const written = library.objects.get(instanceKey(uids))!;
    const part10 = readPart10(written.bytes);
    expect(Buffer.from(part10.dataSet.value(0x7fe00010)!).equals(pixels)).toBe(true);
    expect(Buffer.from(written.bytes.subarray(0, 10_000)).includes('Doe')).toBe(false);
    expect(record.sent[0]?.size).toBe(written.bytes.length);
    expect(written.options.metadata?.[METADATA.source]).toMatch(/^crc64nvme:.+:\d+$/);
    expect(library.requests.filter((request) => request.startsWith('put'))).toEqual([]);
  });

  it('knows a retry, a duplicate and a conflict without copying', async () => {
    const { arrive, handle, library, ledger, record } = deidentifyOver();
    const first = await arrive(large);
    await handle(first);
    await handle(first);
    expect(record.sent[1]).toEqual(record.sent[0]);
    const duplicate = await arrive(large);
    const conflict = await arrive(Buffer.concat([large.subarray(0, -2), Uint8Array.of(9, 9)]));
    await handle(duplicate, conflict);
    expect(ledger.stateOf(duplicate.item.item)).toBe('duplicate');
    expect(ledger.ends.get(conflict.item.item)?.end).toMatchObject({ reason: 'conflicting-instance' });
    expect(library.requests.filter((request) => request.startsWith('begin'))).toHaveLength(1);
  });
});

describe('deidentify, for pixel bytes that are more than a picture', () => {
  const overlay = (position: number) => [
    { tag: 0x60000100, vr: 'US' as const, value: Uint8Array.of(16, 0) },
    { tag: 0x60000102, vr: 'US' as const, value: Uint8Array.of(position, 0) },
  ];
  const large = { rows: 1_024, columns: 1_024, frames: 10 };
  const pixels = Buffer.alloc(large.rows * large.columns * large.frames * 2, 0xff);

  it.each([
    ['in one request', { rows: 8, columns: 8, pixels: pixels.subarray(0, 128) }],
    ['in parts', { ...large, pixels }],
  ])('clears overlays in the words of an object that is written %s', async (_, options) => {
    const { arrive, handle, library } = deidentifyOver();
    expect(failures(await handle(await arrive(makeInstance({ ...options, with: overlay(15) }))))).toEqual([]);
    const { dataSet } = readPart10(library.objects.get(instanceKey(uids))!.bytes);
    const expected = Buffer.from(options.pixels.map((byte, at) => (at % 2 === 1 ? byte & 0x7f : byte)));
    expect(Buffer.from(dataSet.value(0x7fe00010)!).equals(expected)).toBe(true);
    expect(dataSet.has(0x60000102)).toBe(false);
  });

  it('refuses an overlay in bits that belong to the picture', async () => {
    const { arrive, handle, ledger } = deidentifyOver();
    const message = await arrive(makeInstance({ with: overlay(3) }));
    await handle(message);
    expect(ledger.ends.get(message.item.item)?.end).toMatchObject({ reason: 'unsafe-content' });
  });
});
