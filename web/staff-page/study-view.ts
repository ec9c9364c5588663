/** One study: its series with pictures, a form that makes a link, and the links that there are. */
import { announce, make, show } from '../link-page/dom.ts';
import { count, modalityName, studyDate } from '../link-page/format.ts';
import { findSeries, findStudy, Refused, type Series, type Study, thumbnail } from './api.ts';
import { linkList } from './link-list.ts';
import { explain } from './reasons.ts';
import { put, searchAddress } from './search-view.ts';
import { shareForm } from './share-form.ts';
import { roles } from './sign-in.ts';

/** Shows the study, or says that there is none. */
export async function showStudy(uid: string): Promise<void> {
  const back = make(
    'nav',
    { class: 'trail', 'aria-label': 'Back' },
    make('a', { href: searchAddress() }, '‹ Studies'),
  );
  show(make('div', { class: 'staff' }, back, make('h1', {}, 'Study')), 'Study');
  try {
    const study = await findStudy(uid);
    if (study === undefined) throw new Refused(404, 'unknown-study');
    const title = study.description || study.modalities.map(modalityName).join(', ') || 'Study';
    const series = make('ul', { class: 'cards series' });
    const pictures = make('section', {}, make('h2', {}, 'Series'), series);
    const parts = [back, make('h1', {}, title), facts(study), pictures, sharing(study)];
    const view = make('div', { class: 'staff' }, ...parts);
    show(view, title);
    for (const one of await findSeries(uid)) series.append(seriesCard(uid, one));
  } catch (error) {
    show(
      make('div', { class: 'staff' }, back, make('p', { class: 'trouble', role: 'alert' }, explain(error))),
      'Study',
    );
    if (error instanceof Refused && error.status === 401) dispatchEvent(new Event('signed-out'));
  }
}

function facts(study: Study): HTMLElement {
  const fact = (name: string, value: string) =>
    value === '' ? null : make('div', {}, make('dt', {}, name), make('dd', {}, value));
  return make(
    'dl',
    { class: 'facts' },
    fact('Study date', study.date === '' ? '' : studyDate(study.date)),
    fact('Patient pseudonym', study.patient),
    fact('Modalities', study.modalities.map(modalityName).join(', ')),
    fact(
      'Size',
      `${count(study.series, 'series', 'series')}, ${count(study.instances, 'object', 'objects')}`,
    ),
  );
}

function sharing(study: Study): HTMLElement {
  if (!roles().has('share') && !roles().has('identify'))
    return make('p', { class: 'trouble' }, explain(new Refused(403, 'needs-role-share')));
  const links = linkList(study.uid);
  const made = make('div', { class: 'made' });
  const again = make('button', { type: 'button', class: 'button' }, 'Make another link');
  const form = shareForm(study.uid, (result) => {
    // The next passcode in the form beside this one would be taken for it.
    form.hidden = true;
    made.replaceChildren(result, again);
    announce('The link is made');
    result.querySelector('h3')?.focus();
    void links.reload();
  });
  again.addEventListener('click', () => {
    made.replaceChildren();
    form.hidden = false;
    form.querySelector('select')?.focus();
  });
  void links.reload();
  return make(
    'div',
    { class: 'sharing' },
    make('section', { class: 'panel' }, make('h2', {}, 'Share this study'), form, made),
    make('section', { class: 'panel' }, make('h2', {}, 'Links to this study'), links.element),
  );
}

function seriesCard(study: string, series: Series): HTMLLIElement {
  const picture = make('span', { class: 'picture' }, make('span', { class: 'badge' }, series.modality));
  void put(picture, thumbnail(study, series.uid));
  return make(
    'li',
    { class: 'card' },
    picture,
    make('span', { class: 'name' }, series.description || modalityName(series.modality || null)),
    make('span', { class: 'detail' }, count(series.instances, 'object', 'objects')),
  );
}
