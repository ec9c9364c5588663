/** The profile of the deployment's policy under the deployment's secret, made once per container. */
import {
  keyedPseudonyms,
  POLICIES,
  type Policy,
  type Profile,
  profileOf,
  readPolicy,
} from '../deid/index.ts';

/**
 * A function that gives the profile; it reads the secret when it is first asked. The policy, a shipped one by name or one
 * as JSON, is read at once: a container with a policy that cannot be used does not start.
 */
export function openProfile(readSecret: () => Promise<string>, policyText: string): () => Promise<Profile> {
  const policy = policyOf(policyText);
  let made: { secret: string; profile: Profile } | undefined;
  return async () => {
    const secret = await readSecret();
    if (made?.secret !== secret) {
      const pseudonyms = keyedPseudonyms(Buffer.from(secret, 'utf8'));
      made = { secret, profile: profileOf(policy, { pseudonyms }) };
    }
    return made.profile;
  };
}

function policyOf(text: string): Policy {
  return POLICIES.get(text) ?? readPolicy(JSON.parse(text));
}
