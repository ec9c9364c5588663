import { describe, expect, it } from 'vitest';
import { callerOf, denial } from '../../../shared/runtime/caller.ts';
import { httpHandler } from '../../../shared/runtime/http-handler.ts';
import { recorder } from '../../helpers/recorder.ts';

const SUB = '3f0e8a52-7c1d-4a8e-9f0a-2b6d1c9e4f77';
const bearing = (claims: Record<string, unknown>, claim = 'roles') => callerOf({ jwt: { claims } }, claim);

describe('a caller', () => {
  it.each([
    ['a list as API Gateway writes it', '[read share]'],
    ['a list with commas', '[read, share]'],
    ['a list', ['read', 'share']],
    ['blanks between them', 'read share'],
  ])('has the roles of %s', (_, roles) => {
    expect(bearing({ sub: SUB, roles })).toEqual({
      kind: 'token',
      subject: SUB,
      roles: ['read', 'share'],
      isAccessToken: true,
    });
  });

  it('has roles by the claim that the deployment names, and by no other', () => {
    expect(bearing({ sub: SUB, roles: 'read', 'cognito:groups': 'share' })).toMatchObject({
      roles: ['read'],
    });
  });

  it.each(['jane@example.org', 'jane.doe', 'auth0|abc', 'Doe^Jane'])(
    'is known by a hash where the subject may be a name: %s',
    (sub) => {
      const caller = bearing({ sub, roles: 'read' });
      expect(caller).toMatchObject({ subject: expect.stringMatching(/^hash:[\w-]{22}$/) });
      expect(JSON.stringify(caller)).not.toContain(sub);
    },
  );

  it('that signed is known by the id of the identity, never by the name of its session', () => {
    const caller = callerOf({ iam: { userId: 'AROAEXAMPLE:jane@example.org' } }, 'roles');
    expect(caller).toEqual({ kind: 'signed', subject: 'aws:AROAEXAMPLE' });
    expect(denial(caller, 'identify', '')).toBeUndefined();
  });

  it.each([undefined, {}, { jwt: {} }, { iam: {} }, { jwt: { claims: { sub: '' } } }])(
    'is nobody where no authorizer has said who it is: %j',
    (authorizer) => expect(callerOf(authorizer, 'roles')).toEqual({ kind: 'nobody' }),
  );
});

describe('a route', () => {
  it('outside of what judges itself cannot be mounted for no role', () => {
    const route = { method: 'GET', path: '/links', answer: async () => ({ status: 200 }) } as const;
    expect(() => httpHandler([route], recorder().ports.log)).toThrow('/links is for no role');
    expect(() => httpHandler([{ ...route, path: '/api/study' }], recorder().ports.log)).not.toThrow();
  });
});
