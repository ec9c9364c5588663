/** Ids and names that AWS would draw by chance, made from logical ids instead: the same on every start. */
import { createHash } from 'node:crypto';

/** Hexadecimal digits that depend on the text alone. */
export function stableId(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** The shape of a UUID. */
export function stableUuid(text: string): string {
  const digits = stableId(text, 32);
  return [8, 4, 4, 4, 12]
    .reduce<[string[], number]>(
      ([parts, at], length) => [[...parts, digits.slice(at, at + length)], at + length],
      [[], 0],
    )[0]
    .join('-');
}

/** A name of at most so many characters; a longer one keeps its start and gets a hash. */
export function boundedName(name: string, longest: number): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${stableId(name, 8)}`;
}

/** A logical id without the hash that CDK appends. */
export function titleOf(logicalId: string): string {
  return logicalId.replace(/(?<=.)[0-9A-F]{8}$/, '');
}
