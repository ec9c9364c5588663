/** What the API refuses in the words of who reads it. */
import { Refused } from './api.ts';

const REASONS: Readonly<Record<string, string>> = {
  'needs-role-read': 'Your account may not search studies: it lacks the role “read”.',
  'needs-role-share': 'Your account may not make or see links: it lacks the role “share”.',
  'needs-role-identify': 'Your account may not show who the patient is: it lacks the role “identify”.',
  'search-too-broad': 'Too many studies meet this. Please say more, such as a date.',
  'expires-too-late': 'A link may not live that long here.',
  'unknown-study': 'This study is not in the library, or not complete yet.',
  'unknown-link': 'This link is not there any more, or was revoked before.',
  'not-signed-in': 'You are not signed in any more.',
  Unauthorized: 'You are not signed in any more.',
};

/** A sentence for an error. */
export function explain(error: unknown): string {
  if (!(error instanceof Refused))
    return 'The film room cannot be reached. Please check your connection and try again.';
  if (error.status === 401) return 'You are not signed in any more.';
  return REASONS[error.error] ?? `This was refused (${error.status} ${error.error}).`;
}
