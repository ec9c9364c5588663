/** An identified link shows whom it is about, and says that it does; every other link says nothing. */
import type { GrantAnswer } from '../../shared/contract/api.ts';
import { byId, make } from './dom.ts';
import { studyDate } from './format.ts';

/** The patient in words that can be shown; undefined where the link names nobody. */
export function identityOf({ identified, patient }: GrantAnswer): Identity | undefined {
  if (!identified || patient === undefined) return undefined;
  const { name, birthDate } = patient;
  return {
    name: name ?? 'Name not known',
    birthDate: birthDate === null ? 'date of birth not known' : studyDate(birthDate),
  };
}

export interface Identity {
  readonly name: string;
  readonly birthDate: string;
}

export function showIdentity({ name, birthDate }: Identity): void {
  const bar = make(
    'aside',
    { class: 'identity', 'aria-label': 'Patient' },
    make('strong', {}, name),
    make('span', {}, `born ${birthDate}`),
    make('span', { class: 'detail' }, 'This link shows the patient’s name. Do not pass it on.'),
  );
  byId('main').before(bar);
}
