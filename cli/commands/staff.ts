/** `filmroom staff`: a way in to the staff page of a stack that runs on this machine. */
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { printJson } from '../report/json-output.ts';
import { createStaffUser, parseRoles, type StaffSignIn } from '../stack/staff-users.ts';

export interface SignInOptions {
  readonly data: string;
  readonly roles?: string;
  readonly json?: boolean;
}

export async function signIn({ data, roles, json }: SignInOptions): Promise<ExitCode> {
  const { findRunning } = await import('../../local/running.ts');
  const running = await findRunning(data);
  const endpoint = running?.endpoints.control;
  if (running === undefined || endpoint === undefined)
    throw new Failure(`no stack runs on ${data}: start one with npx filmroom local`);
  const { outputs, operator } = running;
  const made = await createStaffUser(
    { endpoint, outputs, operator },
    roles === undefined ? undefined : parseRoles(roles),
  );
  if (json === true) printJson(made);
  else console.log(signInLines(made).join('\n'));
  return EXIT.ok;
}

/** What a person needs to sign in, once. */
export function signInLines({ address, username, password, roles }: StaffSignIn): string[] {
  return [
    `  ${address}`,
    `  name ${username}, one-time password ${password}`,
    `  roles ${roles.join(', ')}; another sign-in: npx filmroom staff sign-in`,
  ];
}
