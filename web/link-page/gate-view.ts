/** What stands before the study: the passcode, and why a link does not open. */
import type { OpenFailure } from '../../shared/contract/api.ts';
import { make, show } from './dom.ts';

type Closed = Exclude<OpenFailure, 'passcode-required' | 'passcode-wrong'> | 'no-session' | 'unreachable';

const MESSAGES: Readonly<Record<Closed, { title: string; text: string }>> = {
  'unknown-link': {
    title: 'This link does not open a study',
    text: 'It may have been copied incompletely. Please open it again from the message you received.',
  },
  expired: {
    title: 'This link has expired',
    text: 'Links live for a limited time. Please ask the department that sent it for a new one.',
  },
  revoked: {
    title: 'This link was withdrawn',
    text: 'The department that sent it has closed it. Please ask there if you still need the images.',
  },
  locked: {
    title: 'This link is locked',
    text: 'The passcode was entered wrongly too many times. Please wait a while, or ask for a new link.',
  },
  'no-session': {
    title: 'Please open your link',
    text: 'This page shows a study to who holds a link to it. Your session has ended or was never started: open the link from the message you received.',
  },
  unreachable: {
    title: 'The film room cannot be reached',
    text: 'Please check your connection and try again.',
  },
};

/** Says why there is nothing to see. */
export function showClosed(reason: Closed): void {
  const { title, text } = MESSAGES[reason];
  const retry = make('button', { type: 'button', class: 'button' }, 'Try again');
  retry.addEventListener('click', () => location.reload());
  show(
    make(
      'section',
      { class: 'gate', 'data-state': reason },
      make('h1', {}, title),
      make('p', {}, text),
      reason === 'unreachable' && retry,
    ),
    title,
  );
}

/** Asks for the passcode; `submit` is called at each try. */
export function showPasscode(wrongBefore: boolean, submit: (passcode: string) => void): void {
  const input = make('input', {
    id: 'passcode',
    name: 'passcode',
    type: 'password',
    autocomplete: 'one-time-code',
    required: true,
    maxlength: 64,
    'aria-describedby': 'passcode-help',
    'aria-invalid': wrongBefore ? 'true' : undefined,
  });
  const button = make('button', { type: 'submit', class: 'button primary' }, 'Open the study');
  const form = make(
    'form',
    { class: 'passcode' },
    make('label', { for: 'passcode' }, 'Passcode'),
    input,
    wrongBefore && make('p', { class: 'error', role: 'alert' }, 'That is not the passcode of this link.'),
    button,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    button.disabled = true;
    submit(input.value);
  });
  const help = 'The sender protected this study. The passcode usually comes by another way than the link.';
  show(
    make(
      'section',
      { class: 'gate', 'data-state': 'passcode' },
      make('h1', {}, 'A passcode is needed'),
      make('p', { id: 'passcode-help' }, help),
      form,
    ),
    'A passcode is needed',
  );
  input.focus();
}
