/**
 * Addresses within the page stand in its fragment and begin with `#/`; the token of a link stands there without the
 * slash. Numbers are positions in the study, so that no address holds a UID.
 */

export type Route =
  | { readonly page: 'study' }
  | { readonly page: 'series'; readonly series: number }
  | { readonly page: 'image'; readonly series: number; readonly image: number };

export function studyRoute(): string {
  return '#/';
}

export function seriesRoute(series: number): string {
  return `#/series/${series + 1}`;
}

export function imageRoute(series: number, image: number): string {
  return `#/series/${series + 1}/${image + 1}`;
}

/** The page that a fragment names; anything unknown is the study. */
export function routeOf(fragment: string): Route {
  const match = /^#\/series\/(\d+)(?:\/(\d+))?$/.exec(fragment);
  if (match === null) return { page: 'study' };
  const series = Number(match[1]) - 1;
  return match[2] === undefined
    ? { page: 'series', series }
    : { page: 'image', series, image: Number(match[2]) - 1 };
}

/** The token of the link, when the fragment holds one. */
export function tokenOf(fragment: string): string | undefined {
  return /^#[A-Za-z0-9_-]{16,200}$/.test(fragment) ? fragment.slice(1) : undefined;
}
