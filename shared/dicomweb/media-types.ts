/**
 * What a client takes (PS3.18 8.7): the Accept header, or the `accept` parameter of who cannot send one, as media ranges in
 * the order in which they are wanted. Refuses headers that are longer than any client's.
 */
import { HttpRefusal } from '../runtime/http-handler.ts';

/** One thing that is accepted. Of `multipart/related` the type is that of its parts. */
export interface Acceptable {
  readonly multipart: boolean;
  /** In lower case, `*` and `/*` included: `application/octet-stream`, `image/*`. */
  readonly type: string;
  /** A transfer syntax, `*` for any, undefined for the default one of the type. */
  readonly transferSyntax: string | undefined;
}

export const ACCEPT_LIMITS = {
  /** Characters of an Accept header; default 4,096: viewers send some hundreds. */
  maximumCharacters: 4_096,
  /** Media ranges of it; default 64. */
  maximumRanges: 64,
} as const;

/** Anything: what who says nothing accepts. */
export const ANYTHING: Acceptable = { multipart: false, type: '*/*', transferSyntax: undefined };

/** What is accepted, most wanted first; what has quality 0 is left out. */
export function parseAccept(header: string | undefined): Acceptable[] {
  if (header === undefined || header.trim() === '') return [ANYTHING];
  if (header.length > ACCEPT_LIMITS.maximumCharacters) throw new HttpRefusal(400, 'accept-too-long');
  const ranges = splitOutsideQuotes(header, ',').slice(0, ACCEPT_LIMITS.maximumRanges);
  return ranges
    .map(parseMediaType)
    .map((range, position) => ({ range, position, quality: qualityOf(range.parameters) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.position - b.position)
    .flatMap(({ range }) => acceptableOf(range));
}

export interface MediaType {
  readonly type: string;
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** `type/subtype; name=value; name="value"`. */
export function parseMediaType(text: string): MediaType {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    const value = part.slice(equals + 1).trim();
    parameters.set(name, value.startsWith('"') ? value.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : value);
  }
  return { type: type.toLowerCase(), parameters };
}

/** Whether a range such as `image/*` holds the media type. */
export function includesType(range: string, type: string): boolean {
  if (range === '*/*' || range === type) return true;
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1));
}

/** Whether the Accept-Encoding header takes gzip. */
export function takesGzip(header: string | undefined): boolean {
  return /(^|,)\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))[^,]*)?(,|$)/i.test(header ?? '');
}

function acceptableOf({ type, parameters }: MediaType): Acceptable[] {
  const transferSyntax = parameters.get('transfer-syntax');
  if (!type.startsWith('multipart/')) return [{ multipart: false, type, transferSyntax }];
  if (!includesType(type, 'multipart/related')) return [];
  // The parameter holds a media type itself, which may bring its transfer syntax along.
  const part = parseMediaType(parameters.get('type') ?? '*/*');
  return [
    {
      multipart: true,
      type: part.type === '' ? '*/*' : part.type,
      transferSyntax: transferSyntax ?? part.parameters.get('transfer-syntax'),
    },
  ];
}

function qualityOf(parameters: ReadonlyMap<string, string>): number {
  const quality = Number(parameters.get('q') ?? 1);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && isQuoted) at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
