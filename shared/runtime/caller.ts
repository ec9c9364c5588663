/**
 * Who calls, as API Gateway has judged it, and whether they have the role that a route needs. Signature, issuer, audience and expiry
 * are checked before a function is called (a JWT authorizer, or IAM); a request that nobody has judged has no caller, and gets none
 * of what needs a role. Of the claims two are read, the subject and the roles, and none is logged.
 */
import { createHash } from 'node:crypto';
import { ROLES, type Role, STAFF_API } from '../contract/roles.ts';

/** What API Gateway says of who it let in; a function URL says the same of signatures. */
export interface AuthorizerContext {
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
  readonly iam?: { readonly userId?: string; readonly callerId?: string };
}

export type Caller =
  | { readonly kind: 'nobody' }
  /** Signed by an identity of the AWS account that may `execute-api:Invoke`: has every role. */
  | { readonly kind: 'signed'; readonly subject: string }
  | {
      readonly kind: 'token';
      readonly subject: string;
      readonly roles: readonly Role[];
      readonly isAccessToken: boolean;
    };

/** Why a caller gets nothing. */
export type Denial =
  | { readonly status: 401; readonly error: 'not-signed-in' }
  | { readonly status: 403; readonly error: 'not-an-access-token' | `needs-role-${Role}` };

/** Reads the caller off the event; `rolesClaim` is the claim that names roles. */
export function callerOf(authorizer: AuthorizerContext | undefined, rolesClaim: string): Caller {
  const { jwt, iam } = authorizer ?? {};
  if (jwt?.claims !== undefined) {
    const { sub, [rolesClaim]: roles, token_use: use } = jwt.claims;
    if (typeof sub !== 'string' || sub === '') return { kind: 'nobody' };
    return {
      kind: 'token',
      subject: opaque(sub),
      roles: rolesIn(roles),
      // Cognito signs a token about the user as well, with the same key: it is for the page, not for an API.
      isAccessToken: use === undefined || use === 'access',
    };
  }
  const signer = iam?.userId ?? iam?.callerId;
  // What follows the colon is the name of a session, which people are called by.
  return signer ? { kind: 'signed', subject: `aws:${signer.split(':')[0]}` } : { kind: 'nobody' };
}

/** Why the caller may not have what needs the role; undefined where they may. `base` is the root that they came by. */
export function denial(caller: Caller, role: Role, base: string): Denial | undefined {
  // The root says which authorizer must have judged: a route that was deployed without one is closed, not open.
  if (caller.kind !== (base === STAFF_API ? 'token' : 'signed'))
    return { status: 401, error: 'not-signed-in' };
  if (caller.kind !== 'token') return undefined;
  if (!caller.isAccessToken) return { status: 403, error: 'not-an-access-token' };
  return caller.roles.includes(role) ? undefined : { status: 403, error: `needs-role-${role}` };
}

/** A list arrives as JSON has it or as API Gateway writes one: `[read share]`. A name of a role holds no blank. */
function rolesIn(claim: unknown): Role[] {
  const names = Array.isArray(claim)
    ? claim.map(String)
    : String(claim ?? '')
        .replace(/^\[|\]$/g, '')
        .split(/[\s,]+/);
  return ROLES.filter((role) => names.includes(role));
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Some issuers put an address of mail into `sub`: what is no UUID, as Cognito draws them, is kept as a hash. */
function opaque(subject: string): string {
  return UUID.test(subject)
    ? subject
    : `hash:${createHash('sha256').update(subject).digest('base64url').slice(0, 22)}`;
}
