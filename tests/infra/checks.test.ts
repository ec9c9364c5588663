/** What every synthesis is held to, and that the checks would find a fault. */
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { checkEverything } from '../../infra/checks.ts';
import { prepare, synthesizeChecked } from './synthesized.ts';

/** A synthesis under all rules takes seconds of a whole processor. */
describe('the checks of cdk-nag and CloudFormation', { timeout: 120_000 }, () => {
  it('find nothing that is not acknowledged', () => {
    expect(Object.keys(synthesizeChecked().Resources).length).toBeGreaterThan(100);
  });

  it('find nothing with a domain, an alarm address and expiring originals', () => {
    const template = synthesizeChecked({
      domainName: 'films.example.org',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f0e',
      alarmEmail: 'operator@example.org',
      originalDays: 400,
      extractedDays: 30,
    });
    expect(JSON.stringify(template)).toContain('films.example.org');
  });

  it('find nothing with an issuer of one’s own and viewers elsewhere', () => {
    const template = synthesizeChecked({
      oidcIssuer: 'https://sso.example.org',
      oidcAudience: 'filmroom',
      viewerOrigins: 'https://viewer.example.org',
    });
    expect(JSON.stringify(template)).toContain('https://viewer.example.org');
  });

  it('stop a synthesis with a bucket that anybody may read over HTTP', () => {
    const { app, stack } = prepare();
    new Bucket(stack, 'Open');
    checkEverything(app);
    expect(() => app.synth()).toThrow(/AwsSolutions-S10.*HIPAA.Security-S3BucketPublicReadProhibited/s);
  });
});
