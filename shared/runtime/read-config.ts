/**
 * Reads a function's environment, once, when its container starts: the only place that knows `process.env`.
 * A missing variable fails the start, not the first message; there are no fallbacks.
 */
import { ENV, type EnvKey, FUNCTION_ENV, type FunctionName } from '../contract/env.ts';

/** The settings of one function, by their names in `shared/contract/env.ts`. */
export type FunctionConfig<Name extends FunctionName> = {
  readonly [Key in (typeof FUNCTION_ENV)[Name][number]]: string;
};

/** All settings that `shared/contract/env.ts` lists for the function; throws naming the variables that are missing. */
export function readConfig<Name extends FunctionName>(
  name: Name,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): FunctionConfig<Name> {
  const keys: readonly EnvKey[] = FUNCTION_ENV[name];
  const missing = keys.filter((key) => !environment[ENV[key]]).map((key) => ENV[key]);
  if (missing.length > 0) throw new Error(`the environment of ${name} lacks ${missing.join(', ')}`);
  return Object.fromEntries(keys.map((key) => [key, environment[ENV[key]]])) as FunctionConfig<Name>;
}

/** A setting that counts something; throws where it is no whole number from 0. */
export function wholeNumber(key: EnvKey, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${ENV[key]} is not a whole number`);
  return Number(text);
}
