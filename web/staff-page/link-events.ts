/** What was done with a link: visits with what was looked at and taken along, refusals, and who made and closed it. */
import type { LinkEvents } from '../../shared/contract/api.ts';
import { make } from '../link-page/dom.ts';
import { dateAndTime } from '../link-page/format.ts';
import { eventsOf } from './api.ts';
import { explain } from './reasons.ts';

type LinkEvent = LinkEvents['events'][number];

const KINDS: Readonly<Record<string, string>> = {
  mint: 'Link made',
  open: 'Opened',
  renew: 'Page stayed open',
  view: 'Study looked at',
  download: 'Study downloaded',
  print: 'Print sheet made',
  deny: 'Refused',
  revoke: 'Link revoked',
};

const REASONS: Readonly<Record<string, string>> = {
  'unknown-link': 'a wrong address',
  expired: 'it had expired',
  revoked: 'it was revoked',
  'passcode-wrong': 'a wrong passcode',
  locked: 'locked after wrong passcodes',
  'too-many-openings': 'too many openings at once',
  'outside-grant': 'asked for another study',
};

/** A part that opens and asks then; each opening asks anew. */
export function linkEvents(
  link: string,
  study: string,
  counted: (openings: number) => void,
): HTMLDetailsElement {
  // It scrolls where there are many, so that it can be reached by keys.
  const body = make('div', {
    class: 'events',
    role: 'region',
    tabindex: 0,
    'aria-label': `Events of link ${link.slice(0, 6)}`,
  });
  const details = make('details', {}, make('summary', {}, 'What was done with it'), body);
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    body.replaceChildren(make('p', { class: 'detail' }, 'Asking …'));
    eventsOf(link).then(
      (found) => {
        body.replaceChildren(...table(found, study));
        if (!found.isMore) counted(found.events.filter(({ kind }) => kind === 'open').length);
      },
      (error: unknown) =>
        body.replaceChildren(make('p', { class: 'trouble', role: 'alert' }, explain(error))),
    );
  });
  return details;
}

function table({ events, isMore }: LinkEvents, study: string): HTMLElement[] {
  const visits = new Map<string, number>();
  for (const { session } of events)
    if (session !== null && !visits.has(session)) visits.set(session, visits.size + 1);
  const visitOf = ({ session }: LinkEvent) => (session === null ? '' : `Visit ${visits.get(session)}`);
  const rows = [...events]
    .reverse()
    .map((event) =>
      make(
        'tr',
        { 'data-kind': isAsking(event) ? 'ask' : event.kind },
        make('td', {}, make('time', { datetime: event.recorded }, dateAndTime(event.recorded))),
        make('td', {}, whatOf(event, study)),
        make('td', {}, event.staff === null ? visitOf(event) : `Staff ${event.staff.slice(0, 13)}`),
      ),
    );
  const head = make('tr', {}, ...['When', 'What', 'Who'].map((name) => make('th', { scope: 'col' }, name)));
  return [
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)),
    make(
      'p',
      { class: 'detail' },
      isMore ? 'These are the last events. ' : '',
      'A visit is one browser that opened the link; who sat before it is not known.',
    ),
  ];
}

/** Each opening without a passcode begins so: it is no refusal that anybody wants to hear of. */
const isAsking = ({ reason }: LinkEvent) => reason === 'passcode-required';

function whatOf(event: LinkEvent, own: string): string {
  const { kind, reason, study } = event;
  if (isAsking(event)) return 'Asked for the passcode';
  const what = KINDS[kind] ?? kind;
  if (reason !== null) return `${what}: ${REASONS[reason] ?? reason}`;
  return study !== null && study !== own ? `${what}, an earlier one` : what;
}
