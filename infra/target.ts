/** The setting `architecture`: what Lambda is told, and whose native packages the bundles hold. */
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Target } from './constructs/native-packages.ts';

/** The architecture the template names; `host` is that of the machine that synthesises. */
export function architectureOf(setting: string): Architecture {
  const arm = setting === 'arm64' || (setting === 'host' && process.arch === 'arm64');
  return arm ? Architecture.ARM_64 : Architecture.X86_64;
}

/** Where the bundles are to run: on Lambda's Linux, or with `host` where they are made, be it a Mac. */
export function targetOf(setting: string): Target {
  if (setting === 'host') return 'host';
  return setting === 'arm64' ? 'linux-arm64' : 'linux-x64';
}
