/** Search: a form over QIDO-RS and the studies that meet it. What was searched for stands in the fragment, which goes nowhere. */
import { announce, make, show } from '../link-page/dom.ts';
import { count, modalityName, studyDate } from '../link-page/format.ts';
import { type Criteria, findStudies, Refused, type Study, thumbnail } from './api.ts';
import { explain } from './reasons.ts';

const MODALITIES = [
  'CR',
  'CT',
  'DX',
  'ES',
  'MG',
  'MR',
  'NM',
  'OP',
  'OT',
  'PT',
  'RF',
  'SC',
  'SM',
  'SR',
  'US',
  'XA',
];

const NOTHING: Criteria = { patient: '', from: '', to: '', modality: '', description: '' };
let criteria = NOTHING;

/** The fragment that shows the same search again. */
export function searchAddress(): string {
  const given = Object.entries(criteria).filter(([, value]) => value !== '');
  return given.length === 0 ? '#/' : `#/?${new URLSearchParams(given)}`;
}

function criteriaIn(fragment: string): Criteria {
  const given = new URLSearchParams(fragment.split('?')[1] ?? '');
  const entries = Object.keys(NOTHING).map((name) => [name, given.get(name) ?? '']);
  return Object.fromEntries(entries) as unknown as Criteria;
}

/** Shows the form and what it finds. */
export function showSearch(): void {
  criteria = criteriaIn(location.hash);
  const results = make('div', { class: 'results' });
  const form = searchForm(() => {
    criteria = criteriaOf(form);
    // Without an event: the form stays as it is.
    history.pushState(null, '', searchAddress());
    void search(results, 0);
  });
  show(make('div', { class: 'staff' }, make('h1', {}, 'Find a study'), form, results), 'Find a study');
  void search(results, 0);
}

function searchForm(submit: () => void): HTMLFormElement {
  const field = (name: keyof Criteria, label: string, attributes: Record<string, string> = {}) =>
    make(
      'p',
      { class: `field ${name}` },
      make('label', { for: name }, label),
      make('input', { id: name, name, value: criteria[name], autocomplete: 'off', ...attributes }),
    );
  const modality = make(
    'select',
    { id: 'modality', name: 'modality' },
    make('option', { value: '' }, 'Any'),
    ...MODALITIES.map((code) =>
      make(
        'option',
        { value: code, selected: code === criteria.modality },
        `${modalityName(code)} (${code})`,
      ),
    ),
  );
  const form = make(
    'form',
    { class: 'search', role: 'search' },
    field('patient', 'Patient pseudonym', {
      spellcheck: 'false',
      maxlength: '64',
      'aria-describedby': 'hint',
    }),
    field('from', 'Study date from', { type: 'date' }),
    field('to', 'to', { type: 'date', 'aria-label': 'Study date to' }),
    make('p', { class: 'field' }, make('label', { for: 'modality' }, 'Modality'), modality),
    field('description', 'Description contains', { maxlength: '60' }),
    make('p', { class: 'field' }, make('button', { type: 'submit', class: 'button primary' }, 'Search')),
    make(
      'p',
      { class: 'detail', id: 'hint' },
      'The library holds pseudonyms and no names: please type none. The report of an upload says which pseudonym a patient got.',
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  return form;
}

function criteriaOf(form: HTMLFormElement): Criteria {
  const given = new FormData(form);
  const value = (name: string) => String(given.get(name) ?? '').trim();
  return {
    patient: value('patient'),
    from: value('from'),
    to: value('to'),
    modality: value('modality'),
    description: value('description'),
  };
}

/** Counts searches: an answer that comes after a later question is dropped. */
let latest = 0;

async function search(results: HTMLElement, offset: number): Promise<void> {
  const mine = ++latest;
  results.setAttribute('aria-busy', 'true');
  try {
    const { studies, isMore } = await findStudies(criteria, offset);
    if (mine === latest) list(results, studies, isMore, offset);
  } catch (error) {
    if (mine !== latest) return;
    results.replaceChildren(make('p', { class: 'trouble', role: 'alert' }, explain(error)));
    if (error instanceof Refused && error.status === 401) dispatchEvent(new Event('signed-out'));
  } finally {
    results.removeAttribute('aria-busy');
  }
}

function list(results: HTMLElement, studies: readonly Study[], isMore: boolean, offset: number): void {
  const cards = studies.map(card);
  const found =
    studies.length === 0 && offset === 0
      ? 'No study meets this.'
      : `${count(offset + studies.length, 'study', 'studies')}${isMore ? ', and there are more' : ''}`;
  const more = make('button', { type: 'button', class: 'button' }, 'Show more');
  more.addEventListener('click', () => {
    more.remove();
    void search(results, offset + studies.length);
  });
  const before = offset === 0 ? [] : [...results.querySelectorAll('li')];
  results.replaceChildren(
    make('p', { class: 'detail found' }, found),
    make('ul', { class: 'cards' }, ...before, ...cards),
    isMore ? more : '',
  );
  announce(found);
  if (offset > 0) cards[0]?.querySelector('a')?.focus();
}

function card(study: Study): HTMLLIElement {
  const picture = make('span', { class: 'picture' });
  const modalities = study.modalities.join(', ');
  const title = study.description || study.modalities.map(modalityName).join(', ') || 'Study';
  void put(picture, thumbnail(study.uid));
  if (modalities !== '') picture.append(make('span', { class: 'badge' }, modalities));
  return make(
    'li',
    {},
    make(
      'a',
      { class: 'card', href: `#/study/${study.uid}` },
      picture,
      make('span', { class: 'name' }, title),
      make('span', { class: 'detail' }, study.date === '' ? 'no date' : studyDate(study.date)),
      make('span', { class: 'detail' }, study.patient),
      make(
        'span',
        { class: 'detail' },
        `${count(study.series, 'series', 'series')}, ${count(study.instances, 'object', 'objects')}`,
      ),
    ),
  );
}

/** Puts a picture in its place when it has come; what stands beside it says what it shows. */
export async function put(place: HTMLElement, picture: Promise<string | undefined>): Promise<void> {
  const address = await picture;
  if (address === undefined) return;
  const image = make('img', { src: address, alt: '' });
  image.addEventListener('load', () => URL.revokeObjectURL(address));
  place.prepend(image);
}
