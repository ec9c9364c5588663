/**
 * The decision of IAM within one account: an explicit deny wins; then an allow of the identity or of the resource's own
 * policy; nothing said is a denial. A KMS key's policy must always agree, if only by handing over to IAM.
 */
import type { ConditionContext } from './conditions.ts';
import { fitsPattern } from './pattern.ts';
import { type PrincipalClause, type Statement, statementApplies } from './policy.ts';

export type Caller =
  | { readonly kind: 'role'; readonly roleArn: string; readonly sessionArn: string; readonly account: string }
  | { readonly kind: 'user'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly service: string };

export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
  readonly identity: readonly Statement[];
  /** The policy of the resource, where it has one. */
  readonly resourcePolicy: readonly Statement[] | undefined;
}

export interface Decision {
  readonly allowed: boolean;
  /** For a denial: a clause that completes "… because". */
  readonly because: string;
  /** The statements that the allowance rests on. */
  readonly statements: readonly Statement[];
}

/** Decides one call. */
export function decide(question: Question): Decision {
  const { action, resource, context, identity, caller } = question;
  const own = identity.filter((statement) => statementApplies(statement, action, resource, context));
  const resources = (question.resourcePolicy ?? [])
    .map((statement) => ({ statement, match: matchPrincipal(statement.principals, caller) }))
    .filter(
      ({ statement, match }) => match !== 'no' && statementApplies(statement, action, resource, context),
    );

  const denial =
    own.find(({ effect }) => effect === 'Deny') ??
    resources.find(({ statement }) => statement.effect === 'Deny')?.statement;
  if (denial !== undefined) return denied(`of an explicit deny in ${denial.source}`);

  const ownAllows = own.filter(({ effect }) => effect === 'Allow');
  const direct = resources.filter(
    ({ statement, match }) => statement.effect === 'Allow' && match === 'direct',
  );
  const handsOver = resources.some(
    ({ statement, match }) => statement.effect === 'Allow' && match === 'account',
  );
  const granted = [...ownAllows, ...direct.map(({ statement }) => statement)];

  if (action.startsWith('kms:')) {
    if (direct.length > 0) return { allowed: true, because: '', statements: granted };
    if (!handsOver) return denied('the policy of the key does not allow the action');
  }
  if (direct.length > 0 || (caller.kind !== 'service' && ownAllows.length > 0)) {
    return { allowed: true, because: '', statements: granted };
  }
  return denied(
    caller.kind === 'service'
      ? 'no resource-based policy allows the action'
      : 'no identity-based policy allows the action',
  );
}

function denied(because: string): Decision {
  return { allowed: false, because, statements: [] };
}

/** How a principal clause fits: by name, by the account (which only hands over to the account's own policies), or not. */
function matchPrincipal(clause: PrincipalClause | undefined, caller: Caller): 'direct' | 'account' | 'no' {
  if (clause === undefined) return 'no';
  const match = matchNamed(clause, caller);
  if (!clause.negated) return match;
  return match === 'no' ? 'direct' : 'no';
}

function matchNamed(clause: PrincipalClause, caller: Caller): 'direct' | 'account' | 'no' {
  if (clause.anyone) return 'direct';
  if (caller.kind === 'service') return clause.services.includes(caller.service) ? 'direct' : 'no';
  const names = caller.kind === 'role' ? [caller.roleArn, caller.sessionArn] : [caller.arn];
  if (clause.aws.some((pattern) => names.includes(pattern))) return 'direct';
  const root = [caller.account, `arn:aws:iam::${caller.account}:root`];
  return clause.aws.some((pattern) => root.some((name) => fitsPattern(pattern, name))) ? 'account' : 'no';
}
