import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openInstance } from '../../../functions/thumbnail/open-instance.ts';
import { renderThumbnail, type ThumbnailPorts } from '../../../functions/thumbnail/render-thumbnail.ts';
import { InstanceDeidentified, type InstancePreviewed } from '../../../shared/contract/messages.ts';
import { instanceKey, METADATA, previewKey, THUMBNAIL_ATTEMPTS } from '../../../shared/contract/names.ts';
import { type DataSet, readPart10 } from '../../../shared/dicom/index.ts';
import { ANIMATION_LIMITS } from '../../../shared/pixels/animation-limits.ts';
import type { PreviewSource } from '../../../shared/pixels/preview.ts';
import { oneMessage } from '../../../shared/runtime/message-body.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { queueStep } from '../../../shared/runtime/queue-step.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { failures, lambdaContext, sqsEvent } from '../../helpers/lambda.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { recorder } from '../../helpers/recorder.ts';

const instance = { study: '2.25.1', series: '2.25.2', instance: '2.25.3' };

/** `thumbnail` for an instance of these bytes. */
async function thumbnail(bytes: Uint8Array, over: Partial<ThumbnailPorts> = {}) {
  const unrendered: unknown[] = [];
  const library = memoryStore('library');
  const key = instanceKey(instance);
  await library.put(key, bytes);
  const item = { upload: newOpaqueId(), item: newOpaqueId() };
  const message: InstanceDeidentified = {
    item,
    instance,
    object: { bucket: 'library', key, versionId: 'v1' },
    size: bytes.length,
  };
  const record = recorder<InstancePreviewed>();
  const handler = queueStep({
    schema: oneMessage(InstanceDeidentified),
    itemOf: (one) => one.item,
    run: (one, context) =>
      renderThumbnail(
        one,
        {
          open: over.open ?? ((each) => openInstance(each, library)),
          put: library.put,
          unrendered: (_, error) => void unrendered.push(error),
        },
        context,
      ),
    ...record.ports,
  });
  library.requests.length = 0;
  const deliver = (attempt: number) => {
    const event = sqsEvent([message]);
    for (const one of event.Records)
      Object.assign(one, { attributes: { ApproximateReceiveCount: String(attempt) } });
    return handler(event, lambdaContext);
  };
  return { library, record, message, unrendered, handle: () => deliver(1), deliver };
}

describe('thumbnail', () => {
  it('writes a preview beside the instance and passes it on with its size', async () => {
    const { handle, library, record, message } = await thumbnail(makeInstance({ rows: 600, columns: 300 }));
    expect(failures(await handle())).toEqual([]);
    expect(record.sent).toEqual([{ ...message, preview: { width: 128, height: 256 } }]);
    const preview = library.objects.get(previewKey(instance))!;
    expect(Buffer.from(preview.bytes.subarray(8, 12)).toString()).toBe('WEBP');
    expect(preview.options).toMatchObject({
      contentType: 'image/webp',
      metadata: { [METADATA.item]: message.item.item, [METADATA.run]: lambdaContext.awsRequestId },
    });
    expect(library.requests).toEqual([`read ${instanceKey(instance)}`, `put ${previewKey(instance)}`]);
  });

  it('writes the same again on a retry', async () => {
    const { handle, library, record } = await thumbnail(makeInstance());
    await handle();
    const first = Buffer.from(library.objects.get(previewKey(instance))!.bytes);
    await handle();
    expect(first.equals(library.objects.get(previewKey(instance))!.bytes)).toBe(true);
    expect(record.sent[0]).toEqual(record.sent[1]);
  });

  it.each<[string, Uint8Array]>([
    ['holds no picture', makeInstance({ without: [0x7fe00010, 0x00280010, 0x00280011] })],
    ['lacks its pixels', makeInstance({ pixels: new Uint8Array(0) })],
    [
      'is of a codec that is not there',
      makeInstance({
        transferSyntax: '1.2.840.10008.1.2.4.57',
        with: [{ tag: 0x7fe00010, vr: 'OB', value: { fragments: [new Uint8Array(8)] } }],
      }),
    ],
    [
      'is a damaged JPEG',
      makeInstance({
        transferSyntax: '1.2.840.10008.1.2.4.50',
        with: [{ tag: 0x7fe00010, vr: 'OB', value: { fragments: [Buffer.from('ffd8ffe000104a46', 'hex')] } }],
      }),
    ],
  ])('gives an instance that %s a placeholder and passes it on', async (_, bytes) => {
    const { handle, library, record } = await thumbnail(bytes);
    expect(failures(await handle())).toEqual([]);
    expect(record.refusals).toEqual([]);
    expect(record.sent[0]?.preview.placeholder).toEqual(expect.any(String));
    expect(library.objects.has(previewKey(instance))).toBe(true);
  });

  it('reads of a large object its header and the frames that its preview shows, and writes one object', async () => {
    const [frames, side] = [40, 256];
    const pixels = new Uint8Array(frames * side * side * 2).map(
      (_, at) => (at + 40 * Math.floor(at / (side * side * 2))) % side,
    );
    const { handle, library, record } = await thumbnail(
      makeInstance({ rows: side, columns: side, frames, pixels }),
    );
    let read = 0;
    const { read: readAll } = library;
    library.read = async (...given) => {
      const found = await readAll(...given);
      read += found.bytes.length;
      return found;
    };
    expect(failures(await handle())).toEqual([]);
    expect(record.sent[0]?.preview).toEqual({ width: 256, height: 256 });
    const { pages } = await sharp(library.objects.get(previewKey(instance))!.bytes).metadata();
    expect(pages).toBe(ANIMATION_LIMITS.maximumFrames);
    expect(read).toBeLessThan(ANIMATION_LIMITS.maximumFrames * side * side * 2 + 200_000);
    expect(library.requests.filter((request) => request.startsWith('put'))).toEqual([
      `put ${previewKey(instance)}`,
    ]);
  });

  describe('where rendering fails for reasons of ours', () => {
    /** An instance whose header cannot be asked for its rows. */
    const broken = async (): Promise<PreviewSource> => {
      const part10 = readPart10(makeInstance());
      const dataSet = Object.create(part10.dataSet) as DataSet;
      dataSet.number = () => {
        throw new TypeError('a bug');
      };
      dataSet.has = () => true;
      dataSet.strings = () => [];
      dataSet.uid = () => undefined;
      return { part10: { ...part10, dataSet }, read: async () => new Uint8Array() };
    };

    it('the message is delivered again', async () => {
      const { deliver, record, unrendered } = await thumbnail(makeInstance(), { open: broken });
      expect(failures(await deliver(1))).toHaveLength(1);
      expect(failures(await deliver(THUMBNAIL_ATTEMPTS - 1))).toHaveLength(1);
      expect([record.sent, unrendered]).toEqual([[], []]);
    });

    it('the instance gets a placeholder at the last delivery, and somebody is told', async () => {
      const { deliver, record, library, unrendered } = await thumbnail(makeInstance(), { open: broken });
      expect(failures(await deliver(THUMBNAIL_ATTEMPTS))).toEqual([]);
      expect(record.sent[0]?.preview).toEqual({ width: 256, height: 256, placeholder: 'rendering-failed' });
      expect(library.objects.has(previewKey(instance))).toBe(true);
      expect(unrendered).toEqual([expect.any(TypeError)]);
    });

    it('but not where it is the library that does not answer', async () => {
      const { deliver, record, unrendered } = await thumbnail(makeInstance(), {
        open: async () => ({
          part10: readPart10(makeInstance()),
          read: () => Promise.reject(new Error('throttled')),
        }),
      });
      expect(failures(await deliver(THUMBNAIL_ATTEMPTS))).toHaveLength(1);
      expect([record.sent, unrendered]).toEqual([[], []]);
    });
  });
});
