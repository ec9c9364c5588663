/** A value of VR PN as people write it: `Family, Given Middle`, with prefix and suffix, ideographs behind (PS3.5 6.2.1). */

/** Null where the value names nobody. */
export function readableName(value: string): string | null {
  const [alphabetic = '', ideographic = ''] = value.split('=');
  const [western, eastern] = [oneWriting(alphabetic), oneWriting(ideographic)];
  if (western === '') return eastern === '' ? null : eastern;
  return eastern === '' ? western : `${western} (${eastern})`;
}

function oneWriting(group: string): string {
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = group
    .split('^')
    .map((part) => part.trim());
  const first = [prefix, given, middle].filter((part) => part !== '').join(' ');
  return [family, first, suffix].filter((part) => part !== '').join(', ');
}
