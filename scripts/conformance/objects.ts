/** The table of docs/conformance.md of what becomes of each kind of object, from the rules of the code. */
import { OBJECT_KINDS, type ObjectRule, sopClassOf } from '../../shared/deid/index.ts';

const RULES: Readonly<Record<ObjectRule, string>> = {
  clean: 'cleaned, picture passes',
  'clean-text': 'cleaned, picture after its text was looked for',
  'clean-content': 'cleaned, no picture',
  quarantine: 'quarantined',
  ignore: 'ignored',
};

const COMMON = '1.2.840.10008.5.1.4.1.1.';

/** One row a kind; SOP classes by what follows 1.2.840.10008.5.1.4.1.1, others in full. */
export function objectsTable(): string {
  const rows = OBJECT_KINDS.map(({ name, rule, becomes, classes }) => {
    const uids = classes
      .map(sopClassOf)
      .map((uid) => (uid.startsWith(COMMON) ? uid.slice(COMMON.length) : uid));
    return `| ${name} | ${RULES[rule]} | ${becomes} | ${uids.join(', ')} |`;
  });
  return [
    '| kind | rule | becomes | SOP classes (below 1.2.840.10008.5.1.4.1.1) |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
