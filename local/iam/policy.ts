/** Policy documents as IAM reads them: statements ready to be asked. Refuses what it does not understand. */
import { type Condition, type ConditionContext, parseConditions, substitute } from './conditions.ts';
import { fitsPattern } from './pattern.ts';

/** Who a statement of a resource's policy speaks of; absent in identity policies. */
export interface PrincipalClause {
  readonly negated: boolean;
  readonly anyone: boolean;
  /** ARNs and account ids. */
  readonly aws: readonly string[];
  readonly services: readonly string[];
}

export interface Statement {
  /** Where it stands, for people: `policy InboxPolicy of role Parse`. */
  readonly source: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly actionsNegated: boolean;
  readonly resources: readonly string[];
  readonly resourcesNegated: boolean;
  readonly principals: PrincipalClause | undefined;
  readonly conditions: readonly Condition[];
  /** `<action> <resource>` of each pair that a call has needed. */
  readonly used: Set<string>;
}

const KNOWN_FIELDS = new Set([
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
]);

/** Reads a policy document, already free of intrinsics. */
export function parsePolicy(document: unknown, source: string): Statement[] {
  const { Statement: statements } = document as { Statement?: unknown };
  return listOf(statements).map((statement) => parseStatement(statement as Record<string, unknown>, source));
}

function parseStatement(raw: Record<string, unknown>, source: string): Statement {
  const unknown = Object.keys(raw).find((field) => !KNOWN_FIELDS.has(field));
  if (unknown !== undefined) throw new Error(`${source}: policy statements have no field ${unknown}`);
  if (raw.Effect !== 'Allow' && raw.Effect !== 'Deny') {
    throw new Error(`${source}: a policy statement needs the Effect Allow or Deny`);
  }
  return {
    source,
    effect: raw.Effect,
    actions: listOf(raw.Action ?? raw.NotAction).map(String),
    actionsNegated: raw.Action === undefined,
    resources: listOf(raw.Resource ?? raw.NotResource ?? '*').map(String),
    resourcesNegated: raw.NotResource !== undefined,
    principals: parsePrincipals(raw.Principal ?? raw.NotPrincipal, raw.NotPrincipal !== undefined),
    conditions: parseConditions(raw.Condition, source),
    used: new Set(),
  };
}

function parsePrincipals(raw: unknown, negated: boolean): PrincipalClause | undefined {
  if (raw === undefined) return undefined;
  if (raw === '*') return { negated, anyone: true, aws: [], services: [] };
  const { AWS, Service } = raw as { AWS?: unknown; Service?: unknown };
  const aws = listOf(AWS).map(String);
  return { negated, anyone: aws.includes('*'), aws, services: listOf(Service).map(String) };
}

/** Whether action, resource and conditions of the statement fit the call; the principal is asked elsewhere. */
export function statementApplies(
  statement: Statement,
  action: string,
  resource: string,
  context: ConditionContext,
): boolean {
  const namesAction = statement.actions.some((pattern) => fitsPattern(pattern, action, true));
  if (namesAction === statement.actionsNegated) return false;
  const namesResource = statement.resources.some((pattern) =>
    fitsPattern(substitute(pattern, context), resource),
  );
  if (namesResource === statement.resourcesNegated) return false;
  return statement.conditions.every((condition) => condition(context));
}

/** Notes which of the statement's action and resource patterns the call needed. */
export function markUsed(statement: Statement, action: string, resource: string): void {
  for (const pattern of statement.actions) {
    if (!fitsPattern(pattern, action, true)) continue;
    for (const target of statement.resources) {
      if (fitsPattern(target, resource)) statement.used.add(`${pattern} ${target}`);
    }
  }
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
