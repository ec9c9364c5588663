/**
 * Renders the preview of one instance and writes it beside the instance: one object, moving or still. What cannot be shown gets
 * a labelled placeholder: no instance ends here. The preview is a pure function of the instance, so that a retry writes the
 * same again; but what fails for reasons of ours at every delivery gets a placeholder at the last one, and an alarm.
 */
import type { PutOptions, Written } from '../../shared/aws/object-store.ts';
import type { InstanceDeidentified, InstancePreviewed } from '../../shared/contract/messages.ts';
import { METADATA, previewKey, THUMBNAIL_ATTEMPTS } from '../../shared/contract/names.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import {
  type Preview,
  type PreviewSource,
  renderPlaceholder,
  renderPreview,
} from '../../shared/pixels/preview.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';

export interface ThumbnailPorts {
  open(message: InstanceDeidentified): Promise<PreviewSource>;
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<Written>;
  /** Tells who operates the system that rendering failed for good, for reasons of ours. */
  unrendered(message: InstanceDeidentified, error: unknown): void;
}

/** What is left of the time limit for the placeholder and for passing on; default 15 seconds. */
const RESERVE_MILLISECONDS = 15_000;

/** Writes the preview and passes the instance on with what became of it. */
export async function renderThumbnail(
  message: InstanceDeidentified,
  ports: ThumbnailPorts,
  context: Pick<StepContext, 'run' | 'attempt' | 'remainingMilliseconds'>,
): Promise<InstancePreviewed> {
  const source = watchReads(await ports.open(message));
  const { bytes, width, height, placeholder } =
    context.attempt < THUMBNAIL_ATTEMPTS
      ? await renderPreview(source, { animated: true })
      : await renderAtLast(message, source, ports, context.remainingMilliseconds());
  await ports.put(previewKey(message.instance), bytes, {
    contentType: 'image/webp',
    metadata: { [METADATA.item]: message.item.item, [METADATA.run]: context.run },
  });
  return { ...message, preview: { width, height, ...(placeholder === undefined ? {} : { placeholder }) } };
}

/** The still picture, as what failed before may have been the moving one; a placeholder where that fails too or hangs. */
async function renderAtLast(
  message: InstanceDeidentified,
  source: WatchedSource,
  ports: ThumbnailPorts,
  remaining: number,
): Promise<Preview> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RenderingTimeout('rendering took too long')),
      Math.max(1_000, remaining - RESERVE_MILLISECONDS),
    );
  });
  try {
    return await Promise.race([renderPreview(source), late]);
  } catch (error) {
    // What the library would not give is no fault of rendering: the message may still be redriven.
    if (source.failedToRead() || isUnprocessable(error)) throw error;
    ports.unrendered(message, error);
    return renderPlaceholder(source.part10.dataSet, 'rendering-failed');
  } finally {
    clearTimeout(timer);
  }
}

class RenderingTimeout extends Error {
  override readonly name = 'RenderingTimeout';
}

interface WatchedSource extends PreviewSource {
  failedToRead(): boolean;
}

function watchReads(source: PreviewSource): WatchedSource {
  let failed = false;
  return {
    ...source,
    failedToRead: () => failed,
    read: (start, length) =>
      source.read(start, length).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
  };
}
