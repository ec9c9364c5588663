/**
 * Users of the local user pool, made over Cognito's own protocol: each gets a password that signs in once. A deployed pool sends its
 * invitations by mail and asks for a second factor; its users are made in the console or with the AWS command line (docs/security.md).
 */
import { randomInt } from 'node:crypto';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { ROLES, type Role, STAFF_PAGE } from '../../shared/contract/roles.ts';
import { Failure } from '../failure.ts';
import { type Credentials, signRequest } from './sign-request.ts';

export interface StaffSignIn {
  readonly address: string;
  readonly username: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

export interface LocalPool {
  readonly endpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly operator: Credentials;
}

/** A fresh user with the roles. */
export async function createStaffUser(pool: LocalPool, roles: readonly Role[] = ROLES): Promise<StaffSignIn> {
  const id = pool.outputs[OUTPUTS.userPool];
  const webUrl = pool.outputs[OUTPUTS.webUrl];
  if (id === undefined || webUrl === undefined) throw new Failure('the stack has no user pool of its own');
  const username = `staff-${randomInt(10_000, 100_000)}`;
  const { User: user } = await call<{ User: { Attributes: { Name: string; Value: string }[] } }>(
    pool,
    'AdminCreateUser',
    { UserPoolId: id, Username: username },
  );
  const password = user.Attributes.find(({ Name }) => Name === 'local:one-time-password')?.Value ?? '';
  for (const role of roles)
    await call(pool, 'AdminAddUserToGroup', { UserPoolId: id, Username: username, GroupName: role });
  return { address: `${webUrl.replace(/\/$/, '')}${STAFF_PAGE}`, username, password, roles };
}

/** The roles that a text names, by commas; throws naming one that there is not. */
export function parseRoles(text: string): Role[] {
  return text.split(',').map((name) => {
    const role = ROLES.find((one) => one === name.trim());
    if (role === undefined) throw new Failure(`${name.trim()} is no role: there are ${ROLES.join(', ')}`);
    return role;
  });
}

async function call<T>({ endpoint, operator }: LocalPool, action: string, input: object): Promise<T> {
  const url = new URL('/', endpoint);
  const body = JSON.stringify(input);
  const given = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${action}`,
  };
  const asked = { method: 'POST', url, body, service: 'cognito-idp', headers: given };
  const response = await fetch(url, {
    method: 'POST',
    headers: signRequest(asked, operator, new Date()),
    body,
  });
  if (!response.ok)
    throw new Failure(`the user pool could not be asked: ${action} was answered with ${response.status}`);
  return (await response.json()) as T;
}
