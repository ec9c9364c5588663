/** The Range header (RFC 9110 14.2): one range of bytes; anything else is answered with the whole. */

/** The range that is asked for of so many bytes; undefined where none is that can be answered alone. */
export function parseRange(
  header: string,
  size: number,
): { readonly start: number; readonly length: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return start > end ? ('unsatisfiable' as const) : { start, length: end - start + 1 };
}
