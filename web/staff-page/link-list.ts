/** The links of a study: how each stands, how often it was opened, and a way to close it for good. */
import { announce, make } from '../link-page/dom.ts';
import { count, dateAndTime } from '../link-page/format.ts';
import { type LinkEntry, linksOf, revokeLink } from './api.ts';
import { linkEvents } from './link-events.ts';
import { explain } from './reasons.ts';

export interface LinkList {
  readonly element: HTMLElement;
  reload(): Promise<void>;
}

/** An empty list; `reload` fills it. */
export function linkList(study: string): LinkList {
  const element = make('div', { class: 'links' });
  const reload = async (): Promise<void> => {
    try {
      const links = await linksOf(study);
      const rows = [...links]
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
        .map((link) => row(link, reload));
      element.replaceChildren(
        rows.length === 0 ? make('p', { class: 'detail' }, 'None yet.') : make('ul', {}, ...rows),
      );
    } catch (error) {
      element.replaceChildren(make('p', { class: 'trouble', role: 'alert' }, explain(error)));
    }
  };
  return { element, reload };
}

function row(link: LinkEntry, reload: () => Promise<void>): HTMLLIElement {
  const isOpen = link.revokedAt === null && Date.parse(link.expiresAt) > Date.now();
  const state =
    link.revokedAt !== null
      ? `Revoked ${dateAndTime(link.revokedAt)}`
      : isOpen
        ? `Opens until ${dateAndTime(link.expiresAt)}`
        : `Expired ${dateAndTime(link.expiresAt)}`;
  const marks = [
    link.hasPasscode ? 'passcode' : '',
    link.priors ? 'earlier studies' : '',
    link.identified ? 'patient’s name' : '',
  ].filter((mark) => mark !== '');
  const detail = make('p', { class: 'detail' });
  const tell = (opened: number): void => {
    detail.textContent = [
      `made ${dateAndTime(link.createdAt)}`,
      `opened ${count(opened, 'time', 'times')}`,
      ...marks,
    ].join(' · ');
  };
  tell(link.opened);
  return make(
    'li',
    { 'data-state': isOpen ? 'open' : 'closed' },
    make(
      'div',
      {},
      make('p', { class: 'state' }, state),
      detail,
      link.note === null ? null : make('p', { class: 'detail note' }, link.note),
      make('p', { class: 'detail code' }, link.link),
    ),
    isOpen ? revokeButton(link, reload) : null,
    linkEvents(link.link, link.study, tell),
  );
}

function revokeButton({ link }: LinkEntry, reload: () => Promise<void>): HTMLButtonElement {
  const button = make(
    'button',
    { type: 'button', class: 'button danger', 'aria-label': `Revoke link ${link.slice(0, 6)}` },
    'Revoke',
  );
  button.addEventListener('click', () => {
    confirm().then(async (isMeant) => {
      if (!isMeant) return button.focus();
      button.disabled = true;
      try {
        await revokeLink(link);
        announce('The link is revoked');
      } catch (error) {
        announce(explain(error));
      }
      await reload();
    });
  });
  return button;
}

/** Asks whether it is meant: what was revoked opens no more. */
function confirm(): Promise<boolean> {
  const keep = make('button', { value: 'no', class: 'button' }, 'Keep it');
  const close = make('button', { value: 'yes', class: 'button primary' }, 'Revoke for good');
  const dialog = make(
    'dialog',
    { class: 'question', 'aria-labelledby': 'question' },
    make('h2', { id: 'question' }, 'Revoke this link?'),
    make('p', {}, 'It opens nothing any more, for nobody, at once. It cannot be opened again.'),
    make('form', { method: 'dialog', class: 'buttons' }, keep, close),
  );
  document.body.append(dialog);
  dialog.showModal();
  keep.focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
