/** The first page: what the study is, its series with one preview each, and the download. */
import type { SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';
import { make, show } from './dom.ts';
import {
  datesNote,
  fileSize,
  modalityName,
  seriesDetail,
  seriesTitle,
  studyDate,
  studyTitle,
} from './format.ts';
import { keyInstance, keyPosition, previewImage } from './preview.ts';
import { imageRoute, seriesRoute } from './route.ts';
import { scrubs } from './scrub.ts';
import { downloadLink } from './take-away.ts';

const SEX: Readonly<Record<string, string>> = { F: 'female', M: 'male', O: 'other' };

function fact(name: string, value: string | null | undefined): HTMLElement | null {
  if (value === null || value === undefined || value === '') return null;
  return make('div', {}, make('dt', {}, name), make('dd', {}, value));
}

function facts(study: StudySummary): HTMLElement {
  return make(
    'dl',
    { class: 'facts' },
    fact('Patient', study.patientId),
    fact('Sex', study.patientSex === null ? null : (SEX[study.patientSex] ?? study.patientSex)),
    fact('Date', study.studyDate === null ? null : studyDate(study.studyDate)),
    // Without a description the modalities are the title already.
    study.studyDescription !== null && fact('Modality', study.modalities.map(modalityName).join(', ')),
    fact('Series', study.series.length.toLocaleString()),
    fact('Images', study.instances.toLocaleString()),
  );
}

function seriesCard(series: SeriesSummary, index: number): HTMLElement {
  const key = keyInstance(series);
  const picture = make(
    'span',
    { class: 'picture' },
    key !== undefined && previewImage(series, key, { alt: '', eager: index < 8, isFirst: index === 0 }),
    make('span', { class: 'badge' }, series.modality ?? '?'),
  );
  const card = make(
    'a',
    { class: 'card', href: imageRoute(index, keyPosition(series)), id: `series-${index}` },
    picture,
    make('span', { class: 'name' }, seriesTitle(series)),
    make('span', { class: 'detail' }, seriesDetail(series)),
  );
  scrubs(card, picture, series);
  const all = make('a', { class: 'all', href: seriesRoute(index) }, 'All images');
  all.setAttribute('aria-label', `All images of ${seriesTitle(series)}`);
  return make('li', {}, card, series.instances.length > 1 && all);
}

export function showStudy(study: StudySummary): void {
  const title = studyTitle(study);
  show(
    make(
      'div',
      { class: 'study' },
      make(
        'section',
        { class: 'heading', 'aria-labelledby': 'title' },
        make('div', {}, make('h1', { id: 'title' }, title), facts(study)),
        downloadLink(study.studyInstanceUid, `ZIP, ${fileSize(study.bytes)}`),
      ),
      make(
        'section',
        { 'aria-labelledby': 'series-title' },
        make('h2', { id: 'series-title' }, 'Series'),
        make('ul', { class: 'cards', role: 'list' }, ...study.series.map(seriesCard)),
      ),
      make(
        'p',
        { class: 'notice' },
        `Names and numbers that could identify the patient were replaced or removed, and ${datesNote(study.dates)}. Images on this page are shown for information and are not meant for diagnosis; the download holds every image in full.`,
      ),
    ),
    title,
  );
}
