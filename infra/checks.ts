/** The rules every synthesis is held to: AWS Solutions and HIPAA Security of cdk-nag. CloudFormation's own run by cdk.json. */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';

/** A finding that is not acknowledged stops the synthesis. */
export function checkEverything(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app));
}
