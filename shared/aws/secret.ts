/** Reads a secret once per container; a failed reading is tried again on the next call. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A function that gives the secret's text. */
export function openSecret(arn: string): () => Promise<string> {
  let reading: Promise<string> | undefined;
  return () => {
    reading ??= readSecret(arn).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

async function readSecret(arn: string): Promise<string> {
  const output = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: arn }));
  if (!output.SecretString) throw new Error('the secret has no text');
  return output.SecretString;
}
