/** The preview of one instance as an image that loads when it comes near the window. */
import type { InstanceSummary, SeriesSummary } from '../../shared/contract/study-summary.ts';
import { previewUrl, stillUrl } from './api.ts';
import { make } from './dom.ts';
import { seriesTitle } from './format.ts';

/** The image that stands for the series: its key image, else the one in the middle. */
export function keyInstance(series: SeriesSummary): InstanceSummary | undefined {
  return series.instances[keyPosition(series)];
}

/** Where it stands in the series. */
export function keyPosition({ keyImage, instances }: SeriesSummary): number {
  return keyImage ?? Math.floor(instances.length / 2);
}

/** What the picture shows, for who cannot see it. */
export function describeImage(series: SeriesSummary, index: number): string {
  const instance = series.instances[index];
  const which = `${seriesTitle(series)}, image ${index + 1} of ${series.instances.length}`;
  const placeholder = instance?.preview.placeholder;
  if (placeholder === undefined) return which;
  return `${which}: ${placeholder === 'video' ? 'a film' : 'no preview'}`;
}

export function previewImage(
  series: SeriesSummary,
  instance: InstanceSummary,
  options: { readonly alt: string; readonly eager?: boolean; readonly isFirst?: boolean },
): HTMLElement {
  const image = make('img', {
    alt: options.alt,
    width: instance.preview.width,
    height: instance.preview.height,
    loading: options.eager === true ? 'eager' : 'lazy',
    decoding: 'async',
    fetchpriority: options.isFirst === true ? 'high' : undefined,
    draggable: 'false',
  });
  image.addEventListener('error', () => image.classList.add('failed'), { once: true });
  image.src = previewUrl(series, instance);
  if (instance.frames <= 1) return image;
  // A cine moves; who asked for less motion gets its first frame.
  const still = make('source', {
    media: '(prefers-reduced-motion: reduce)',
    srcset: stillUrl(series, instance),
  });
  return make('picture', {}, still, image);
}
