/** The series to choose from, each with its preview: of the study, then of the priors that the link grants. */
import type { SeriesSummary, StudySummary } from '../../../shared/contract/study-summary.ts';
import { make } from '../dom.ts';
import { imagesOf, seriesTitle, studyDate, studyTitle } from '../format.ts';
import { keyInstance, previewImage } from '../preview.ts';

export interface SeriesList {
  readonly element: HTMLElement;
  /** Marks the series that is shown. */
  show(series: SeriesSummary): void;
}

export function openSeriesList(
  studies: readonly StudySummary[],
  own: StudySummary,
  choose: (series: SeriesSummary) => void,
): SeriesList {
  const buttons = new Map<SeriesSummary, HTMLElement>();
  let shown: SeriesSummary | undefined;
  const entry = (series: SeriesSummary) => {
    const key = keyInstance(series);
    const button = make(
      'button',
      { type: 'button', class: 'entry' },
      key === undefined ? null : previewImage(series, key, { alt: '' }),
      make('span', { class: 'name' }, seriesTitle(series)),
      make('span', { class: 'detail' }, `${series.modality ?? '?'} · ${imagesOf(series)}`),
    );
    button.addEventListener('click', () => choose(series));
    buttons.set(series, button);
    return make('li', {}, button);
  };
  const element = make(
    'nav',
    { class: 'series-list', 'aria-label': 'Series' },
    ...studies.flatMap((study) => [
      studies.length > 1 &&
        make(
          'h3',
          {},
          study === own ? 'This study' : 'Prior',
          make(
            'span',
            { class: 'detail' },
            study.studyDate === null ? studyTitle(study) : studyDate(study.studyDate),
          ),
        ),
      make('ul', { role: 'list' }, ...study.series.map(entry)),
    ]),
  );
  return {
    element,
    show(series) {
      if (series === shown) return;
      if (shown !== undefined) buttons.get(shown)?.removeAttribute('aria-current');
      shown = series;
      const button = buttons.get(series);
      button?.setAttribute('aria-current', 'true');
      button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
  };
}
