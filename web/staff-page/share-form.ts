/** The form that makes a link: how long it opens, its passcode, earlier studies, the patient's name, and why it was made. */
import { make } from '../link-page/dom.ts';
import { count } from '../link-page/format.ts';
import { createLink, Refused } from './api.ts';
import { madeLink } from './made-link.ts';
import { explain } from './reasons.ts';
import { linkDays, roles } from './sign-in.ts';

/** Days that are offered, with the usual and the longest of the deployment. */
const OFFERED = [1, 3, 7, 14, 30, 90];

function lives(): { days: number; isUsual: boolean }[] {
  const { usual, longest } = linkDays();
  const all = new Set([...OFFERED.filter((days) => days < longest), usual, longest]);
  return [...all].sort((a, b) => a - b).map((days) => ({ days, isUsual: days === usual }));
}
const DAY = 24 * 60 * 60;
/** Letters and digits that are not taken for each other, neither on paper nor on the telephone. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Eight letters of 31 in two groups: 39 bits, behind a lock after five tries. */
export function drawPasscode(): string {
  const letters: string[] = [];
  while (letters.length < 8) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    // Bytes above the last whole multiple would make some letters likelier.
    if (byte < 248) letters.push(LETTERS[byte % LETTERS.length] as string);
  }
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** The form; `done` is given the view of what was made. */
export function shareForm(study: string, done: (made: HTMLElement) => void): HTMLFormElement {
  const life = make(
    'select',
    { id: 'life', name: 'life' },
    ...lives().map(({ days, isUsual }) =>
      make('option', { value: String(days), selected: isUsual }, count(days, 'day', 'days')),
    ),
  );
  const passcode = make('input', {
    id: 'passcode',
    name: 'passcode',
    value: drawPasscode(),
    minlength: 4,
    maxlength: 64,
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-describedby': 'passcode-hint',
  });
  const another = make('button', { type: 'button', class: 'button' }, 'Draw another');
  another.addEventListener('click', () => {
    passcode.value = drawPasscode();
  });
  const problem = make('p', { class: 'trouble', role: 'alert', hidden: true });
  const submit = make('button', { type: 'submit', class: 'button primary' }, 'Create link');
  const form = make(
    'form',
    { class: 'share' },
    make('p', { class: 'field' }, make('label', { for: 'life' }, 'Opens for'), life),
    make(
      'p',
      { class: 'field wide' },
      make('label', { for: 'passcode' }, 'Passcode'),
      make('span', { class: 'joined' }, passcode, another),
      make(
        'span',
        { class: 'detail', id: 'passcode-hint' },
        'Empty: none is asked for. Send it by another way than the link.',
      ),
    ),
    choice('priors', 'Show earlier studies of this patient too'),
    choice(
      'identified',
      'Show the patient’s name and birth date',
      roles().has('identify') ? undefined : 'Your account lacks the role “identify”.',
    ),
    make(
      'p',
      { class: 'field wide' },
      make('label', { for: 'note' }, 'Note for the record (not shown to who opens it, no patient data)'),
      make('input', { id: 'note', name: 'note', maxlength: 500, autocomplete: 'off' }),
    ),
    problem,
    make('p', { class: 'field' }, submit),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void create();
  });

  async function create(): Promise<void> {
    const given = new FormData(form);
    const secret = passcode.value.trim();
    const note = String(given.get('note') ?? '').trim();
    submit.disabled = true;
    problem.hidden = true;
    try {
      const created = await createLink({
        study,
        expiresInSeconds: Number(given.get('life')) * DAY,
        priors: given.has('priors'),
        identified: given.has('identified'),
        ...(secret === '' ? {} : { passcode: secret }),
        ...(note === '' ? {} : { note }),
      });
      const address = `${location.origin}${created.path}`;
      done(madeLink({ address, expiresAt: created.expiresAt, passcode: secret === '' ? undefined : secret }));
      // The next link gets a passcode of its own.
      passcode.value = drawPasscode();
    } catch (error) {
      problem.textContent = explain(error);
      problem.hidden = false;
      if (error instanceof Refused && error.status === 401) dispatchEvent(new Event('signed-out'));
    } finally {
      submit.disabled = false;
    }
  }
  return form;
}

function choice(name: string, label: string, why?: string): HTMLElement {
  return make(
    'p',
    { class: 'choice' },
    make('input', {
      type: 'checkbox',
      id: name,
      name,
      disabled: why !== undefined,
      'aria-describedby': why === undefined ? undefined : `${name}-why`,
    }),
    make('label', { for: name }, label),
    why === undefined ? null : make('span', { class: 'detail', id: `${name}-why` }, why),
  );
}
