/** The profile under the deployment's secret, made once per container. */
import { basicProfile, keyedPseudonyms, type Profile } from '../../shared/deid/index.ts';

/** A function that gives the profile; it reads the secret when it is first asked. */
export function openProfile(readSecret: () => Promise<string>): () => Promise<Profile> {
  let made: { secret: string; profile: Profile } | undefined;
  return async () => {
    const secret = await readSecret();
    if (made?.secret !== secret)
      made = { secret, profile: basicProfile({ pseudonyms: keyedPseudonyms(Buffer.from(secret, 'utf8')) }) };
    return made.profile;
  };
}
