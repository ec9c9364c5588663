/**
 * Conditions of policy statements. An operator that is not known here is an error when the policy is read: a condition
 * that is skipped would allow or deny what AWS does not.
 */
import { fitsArn, fitsPattern } from './pattern.ts';

/** What is known of a call, by lower-case condition key. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

export type Condition = (context: ConditionContext) => boolean;

type Comparison = (wanted: string, given: string) => boolean;

const number =
  (compare: (given: number, wanted: number) => boolean): Comparison =>
  (wanted, given) =>
    compare(Number(given), Number(wanted));
const date =
  (compare: (given: number, wanted: number) => boolean): Comparison =>
  (wanted, given) =>
    compare(instant(given), instant(wanted));
const sameText: Comparison = (wanted, given) => wanted === given;
const sameLetters: Comparison = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();

function instant(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

/** Each operator: how one wanted and one given value compare, and whether it asks for the opposite. */
const OPERATORS: Record<string, { compare: Comparison; negated?: boolean }> = {
  StringEquals: { compare: sameText },
  StringNotEquals: { compare: sameText, negated: true },
  StringEqualsIgnoreCase: { compare: sameLetters },
  StringNotEqualsIgnoreCase: { compare: sameLetters, negated: true },
  StringLike: { compare: (wanted, given) => fitsPattern(wanted, given) },
  StringNotLike: { compare: (wanted, given) => fitsPattern(wanted, given), negated: true },
  ArnEquals: { compare: fitsArn },
  ArnLike: { compare: fitsArn },
  ArnNotEquals: { compare: fitsArn, negated: true },
  ArnNotLike: { compare: fitsArn, negated: true },
  Bool: { compare: sameLetters },
  NumericEquals: { compare: number((given, wanted) => given === wanted) },
  NumericNotEquals: { compare: number((given, wanted) => given === wanted), negated: true },
  NumericLessThan: { compare: number((given, wanted) => given < wanted) },
  NumericLessThanEquals: { compare: number((given, wanted) => given <= wanted) },
  NumericGreaterThan: { compare: number((given, wanted) => given > wanted) },
  NumericGreaterThanEquals: { compare: number((given, wanted) => given >= wanted) },
  DateEquals: { compare: date((given, wanted) => given === wanted) },
  DateNotEquals: { compare: date((given, wanted) => given === wanted), negated: true },
  DateLessThan: { compare: date((given, wanted) => given < wanted) },
  DateLessThanEquals: { compare: date((given, wanted) => given <= wanted) },
  DateGreaterThan: { compare: date((given, wanted) => given > wanted) },
  DateGreaterThanEquals: { compare: date((given, wanted) => given >= wanted) },
};

/** All conditions of a statement's `Condition` block; every one must hold. */
export function parseConditions(block: unknown, where: string): Condition[] {
  if (block === undefined) return [];
  return Object.entries(block as Record<string, Record<string, unknown>>).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values, where)),
  );
}

function parseCondition(written: string, key: string, values: unknown, where: string): Condition {
  const wanted = (Array.isArray(values) ? values : [values]).map(String);
  const name = key.toLowerCase();
  if (written === 'Null') return (context) => wanted.includes(String(!context.has(name)));

  const [, quantifier, base, suffix] =
    /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(written) ?? unknownOperator(written, where);
  const { compare, negated = false } = OPERATORS[base ?? ''] ?? unknownOperator(written, where);
  const holds = (given: string, context: ConditionContext) =>
    wanted.some((value) => compare(substitute(value, context), given)) !== negated;

  return (context) => {
    const given = context.get(name);
    if (given === undefined || given.length === 0) {
      if (quantifier === 'ForAllValues:' || suffix !== undefined) return true;
      return quantifier === undefined && negated;
    }
    return quantifier === 'ForAllValues:'
      ? given.every((value) => holds(value, context))
      : given.some((value) => holds(value, context));
  };
}

function unknownOperator(operator: string, where: string): never {
  throw new Error(`${where}: the condition operator ${operator} is not known to the local IAM evaluator`);
}

/** Policy variables such as `${aws:PrincipalAccount}`; a variable without a value fits nothing. */
export function substitute(text: string, context: ConditionContext): string {
  if (!text.includes('${')) return text;
  return text.replace(/\$\{([^}]*)\}/g, (_, variable: string) => {
    if (/^[*?$]$/.test(variable)) return variable;
    return context.get(variable.toLowerCase())?.[0] ?? '\u0000';
  });
}
