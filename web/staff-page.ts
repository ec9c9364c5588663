/** The page of staff: signs in, finds a study, shares it. The address names the view in its fragment, which goes nowhere. */
import { byId, make, show } from './link-page/dom.ts';
import { showSearch } from './staff-page/search-view.ts';
import { begin, leaveForIssuer, signOut } from './staff-page/sign-in.ts';
import { showStudy } from './staff-page/study-view.ts';

const STUDY = /^#\/study\/([0-9.]{1,64})$/;

function showSignIn(title: string, text: string): void {
  byId('signed-in').replaceChildren();
  const button = make('button', { type: 'button', class: 'button primary' }, 'Sign in');
  button.addEventListener('click', () => {
    button.disabled = true;
    void leaveForIssuer();
  });
  show(make('section', { class: 'gate' }, make('h1', {}, title), make('p', {}, text), button), title);
}

function route(): void {
  const study = STUDY.exec(location.hash)?.[1];
  if (study === undefined) showSearch();
  else void showStudy(study);
  window.scrollTo(0, 0);
}

function start(): void {
  const out = make('button', { type: 'button', class: 'button' }, 'Sign out');
  out.addEventListener('click', signOut);
  byId('signed-in').replaceChildren(out);
  // Told of a new fragment and of one that is gone back to.
  addEventListener('popstate', () => {
    route();
    byId('main').focus();
  });
  route();
}

addEventListener('signed-out', () =>
  showSignIn(
    'Please sign in again',
    'Your session has ended. What you searched for is still there afterwards.',
  ),
);

begin().then(
  (state) => {
    if (state === 'signed-in') start();
    else if (state === 'signed-out')
      showSignIn('For staff', 'Find a study and share it. You sign in with the account of your department.');
    else if (state === 'refused')
      showSignIn(
        'The sign-in did not succeed',
        'It was cancelled, took too long or came from another tab. Please try again.',
      );
  },
  () => showSignIn('The sign-in cannot be reached', 'Please check your connection and reload the page.'),
);
