/**
 * What operators do with a user pool, by Cognito's own protocol: a user is made, gets a password and groups. Here a password signs in
 * once and is drawn by the pool: one that is given is refused, so that none that people use elsewhere is typed on a laptop.
 */
import type { Authorize, Principal } from '../auth/authorize.ts';
import { type JsonService, ServiceError } from '../control/start-control.ts';
import type { PoolUser, UserPool } from './user-pool.ts';

/** The operations over the pools, by id. */
export function userPoolAdministration(
  pools: ReadonlyMap<string, UserPool>,
  { account, region, authorize }: { account: string; region: string; authorize: Authorize },
): JsonService {
  const find = (input: Record<string, unknown>, principal: Principal, action: string): UserPool => {
    const id = String(input.UserPoolId);
    authorize({
      principal,
      action: `cognito-idp:${action}`,
      resource: `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`,
    });
    const pool = pools.get(id);
    if (pool === undefined)
      throw new ServiceError('ResourceNotFoundException', `User pool ${id} does not exist.`);
    return pool;
  };
  const userOf = (pool: UserPool, input: Record<string, unknown>): PoolUser => {
    const user = pool.user(String(input.Username));
    if (user === undefined) throw new ServiceError('UserNotFoundException', 'User does not exist.');
    return user;
  };
  return {
    signingName: 'cognito-idp',
    operations: {
      AdminCreateUser: (input, principal) => {
        const pool = find(input, principal, 'AdminCreateUser');
        const username = String(input.Username);
        if (pool.user(username) !== undefined)
          throw new ServiceError('UsernameExistsException', 'User account already exists');
        if (input.TemporaryPassword !== undefined)
          throw new ServiceError('InvalidParameterException', 'the local pool draws passwords itself');
        const user = pool.createUser(username);
        const now = Math.floor(Date.now() / 1000);
        return {
          User: {
            Username: user.username,
            Attributes: [
              { Name: 'sub', Value: user.sub },
              // In AWS it is sent by mail.
              { Name: 'local:one-time-password', Value: pool.newPassword(user) },
            ],
            Enabled: true,
            UserStatus: 'FORCE_CHANGE_PASSWORD',
            UserCreateDate: now,
            UserLastModifiedDate: now,
          },
        };
      },
      AdminAddUserToGroup: (input, principal) => {
        const pool = find(input, principal, 'AdminAddUserToGroup');
        const group = String(input.GroupName);
        if (!pool.groups.has(group)) throw new ServiceError('ResourceNotFoundException', 'Group not found.');
        userOf(pool, input).groups.add(group);
        return {};
      },
      AdminRemoveUserFromGroup: (input, principal) => {
        userOf(find(input, principal, 'AdminRemoveUserFromGroup'), input).groups.delete(
          String(input.GroupName),
        );
        return {};
      },
      ListGroups: (input, principal) => ({
        Groups: [...find(input, principal, 'ListGroups').groups].map((GroupName) => ({ GroupName })),
      }),
    },
  };
}
