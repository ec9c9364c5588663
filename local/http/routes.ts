/** The routes of an HTTP API: which one a request takes. Exact paths win over variables, these over greedy ones. */

export interface Route<Target> {
  /** `GET /uploads/{upload}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly target: Target;
}

export interface RouteMatch<Target> {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** The most specific route for the method and the path (percent-encoded as sent, without its stage). */
export function matchRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): RouteMatch<Target> | undefined {
  let best: { match: RouteMatch<Target>; rank: string } | undefined;
  for (const route of routes) {
    const found = fits(route.key, method, path);
    if (found === undefined || (best !== undefined && found.rank <= best.rank)) continue;
    best = { match: { route, pathParameters: found.parameters }, rank: found.rank };
  }
  return best?.match;
}

// A rank is one digit a segment, 3 exact, 2 variable, 1 greedy, then one for the method: it compares as text.
function fits(key: string, method: string, path: string) {
  if (key === '$default') return { rank: '0', parameters: undefined };
  const [wantedMethod, pattern] = key.split(' ') as [string, string];
  if (wantedMethod !== 'ANY' && wantedMethod !== method) return undefined;
  const wanted = segments(pattern);
  const given = segments(path);
  const parameters: Record<string, string> = {};
  let rank = '';
  for (const [index, part] of wanted.entries()) {
    const variable = /^\{(.+?)(\+?)\}$/.exec(part);
    const rest = given.slice(index);
    if (variable?.[2] === '+') {
      if (rest.join('') === '') return undefined;
      parameters[variable[1] as string] = rest.map(decode).join('/');
      return { rank: `${rank}1${wantedMethod === 'ANY' ? 1 : 2}`, parameters };
    }
    const [segment] = rest;
    if (segment === undefined || (variable !== null && segment === '')) return undefined;
    if (variable !== null) parameters[variable[1] as string] = decode(segment);
    else if (part !== decode(segment)) return undefined;
    rank += variable === null ? '3' : '2';
  }
  if (given.length !== wanted.length) return undefined;
  const named = Object.keys(parameters).length > 0 ? parameters : undefined;
  return { rank: `${rank}4${wantedMethod === 'ANY' ? 1 : 2}`, parameters: named };
}

function segments(path: string): string[] {
  return path.replace(/^\//, '').split('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
