/** The page of one series: every preview in order. */
import type { SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';
import { make, show } from './dom.ts';
import { count, seriesDetail, seriesTitle, studyTitle } from './format.ts';
import { describeImage, previewImage } from './preview.ts';
import { imageRoute, seriesRoute, studyRoute } from './route.ts';

function neighbour(study: StudySummary, index: number, label: string): HTMLElement | null {
  const series = study.series[index];
  if (series === undefined) return null;
  return make(
    'a',
    { class: 'button', href: seriesRoute(index), 'aria-label': `${label} series: ${seriesTitle(series)}` },
    `${label} series`,
  );
}

function tile(series: SeriesSummary, seriesIndex: number, index: number): HTMLElement | null {
  const instance = series.instances[index];
  if (instance === undefined) return null;
  const frames = instance.frames > 1 ? count(instance.frames, 'frame', 'frames') : null;
  return make(
    'li',
    {},
    make(
      'a',
      { class: 'tile', href: imageRoute(seriesIndex, index), id: `image-${index}` },
      previewImage(series, instance, { alt: describeImage(series, index), eager: index < 12 }),
      make('span', { class: 'number', 'aria-hidden': 'true' }, String(instance.instanceNumber ?? index + 1)),
      frames !== null && make('span', { class: 'badge' }, frames),
    ),
  );
}

export function showSeries(study: StudySummary, seriesIndex: number): void {
  const series = study.series[seriesIndex];
  if (series === undefined) return;
  const title = seriesTitle(series);
  show(
    make(
      'div',
      { class: 'series' },
      make(
        'nav',
        { class: 'trail', 'aria-label': 'Where you are' },
        make('a', { href: studyRoute() }, `‹ ${studyTitle(study)}`),
      ),
      make(
        'section',
        { class: 'heading', 'aria-labelledby': 'title' },
        make(
          'div',
          {},
          make('h1', { id: 'title' }, title),
          make('p', { class: 'detail' }, seriesDetail(series)),
        ),
        make(
          'div',
          { class: 'buttons' },
          neighbour(study, seriesIndex - 1, 'Previous'),
          neighbour(study, seriesIndex + 1, 'Next'),
        ),
      ),
      make(
        'ol',
        { class: 'tiles', role: 'list', 'aria-label': 'Images of the series' },
        ...series.instances.map((_, index) => tile(series, seriesIndex, index)),
      ),
    ),
    title,
  );
}
