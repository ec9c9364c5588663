/**
 * Renders the preview of one instance and writes it beside the instance. What cannot be shown gets a labelled placeholder: no
 * instance ends here. The preview is a pure function of the instance, so that a retry writes the same again.
 */
import type { PutOptions, Written } from '../../shared/aws/object-store.ts';
import type { InstanceDeidentified, InstancePreviewed } from '../../shared/contract/messages.ts';
import { METADATA, previewKey } from '../../shared/contract/names.ts';
import { type PreviewSource, renderPreview } from '../../shared/pixels/preview.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';

export interface ThumbnailPorts {
  open(message: InstanceDeidentified): Promise<PreviewSource>;
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<Written>;
}

/** Writes the preview and passes the instance on with what became of it. */
export async function renderThumbnail(
  message: InstanceDeidentified,
  ports: ThumbnailPorts,
  { run }: Pick<StepContext, 'run'>,
): Promise<InstancePreviewed> {
  const { bytes, width, height, placeholder } = await renderPreview(await ports.open(message));
  await ports.put(previewKey(message.instance), bytes, {
    contentType: 'image/webp',
    metadata: { [METADATA.item]: message.item.item, [METADATA.run]: run },
  });
  return { ...message, preview: { width, height, ...(placeholder === undefined ? {} : { placeholder }) } };
}
