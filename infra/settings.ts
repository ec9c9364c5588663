/**
 * Every setting of a deployment: its context key, default and bound. docs/configuration.md is the same table in prose,
 * and a test holds the two together. A value outside its bound stops the synthesis: nothing is clamped in silence.
 */
import type { Node } from 'constructs';

interface WholeNumber {
  readonly kind: 'number';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}
interface Text {
  readonly kind: 'text';
  readonly default: string;
  readonly pattern: RegExp;
}
type Setting = WholeNumber | Text;

function number(value: number, minimum: number, maximum: number): WholeNumber {
  return { kind: 'number', default: value, minimum, maximum };
}
function text(value: string, pattern: RegExp): Text {
  return { kind: 'text', default: value, pattern };
}

/** Days CloudWatch Logs can keep a log group; it takes no others. */
const LOG_DAYS = /^(1|3|5|7|14|30|60|90|120|150|180|365|400|545|731|1096|1827|2192|2557|2922|3288|3653)$/;

/** Lambda takes 2 to 1000 as the maximum concurrency of an event source, and 128 to 10240 MB of memory. */
const concurrency = (value: number) => number(value, 2, 1000);
const memory = (value: number) => number(value, 256, 10_240);

export const SETTINGS = {
  stackName: text('Filmroom', /^[A-Za-z][A-Za-z0-9-]{0,60}$/),
  architecture: text('arm64', /^(arm64|x86_64|host)$/),

  originalDays: number(0, 0, 36_500),
  extractedDays: number(0, 0, 36_500),
  replacedVersionDays: number(30, 1, 36_500),
  logDays: text('365', LOG_DAYS),
  accessLogDays: number(365, 1, 36_500),
  auditDays: number(2190, 1, 36_500),
  auditLock: text('governance', /^(governance|compliance)$/),

  deidentificationPolicy: text('share', /^(share|research|strict|.+\.json)$/),

  parseConcurrency: concurrency(10),
  unpackConcurrency: concurrency(4),
  deidentifyConcurrency: concurrency(40),
  cleanPixelsConcurrency: concurrency(20),
  thumbnailConcurrency: concurrency(40),
  indexConcurrency: concurrency(10),
  studyConcurrency: concurrency(4),
  packConcurrency: concurrency(8),

  parseMemoryMb: memory(512),
  unpackMemoryMb: memory(1024),
  deidentifyMemoryMb: memory(1024),
  cleanPixelsMemoryMb: memory(3008),
  thumbnailMemoryMb: memory(1769),
  indexMemoryMb: memory(512),
  studyMemoryMb: memory(1769),
  packMemoryMb: memory(1769),

  quietSeconds: number(60, 0, 900),
  streamedDownloadMb: number(100, 0, 190),
  linkStreamConcurrency: number(0, 0, 1000),
  linkDefaultDays: number(14, 1, 365),
  linkMaximumDays: number(90, 1, 365),
  apiRequestsPerSecond: number(100, 1, 10_000),
  openRequestsPerSecond: number(10, 1, 1000),

  alarmEmail: text('', /^$|^[^@\s]+@[^@\s]+$/),
  oldestMessageMinutes: number(60, 5, 10_080),
  domainName: text('', /^$|^[a-z0-9.-]+$/),
  certificateArn: text('', /^$|^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/),

  oidcIssuer: text('', /^$|^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w.~/-]*)?$/),
  oidcAudience: text('', /^$|^[\w.:/~-]{1,200}$/),
  oidcClientId: text('', /^$|^[\w.:/~-]{1,200}$/),
  oidcScope: text('openid', /^[\w.:/~-]+( [\w.:/~-]+)*$/),
  oidcRolesClaim: text('roles', /^[\w.:/-]{1,100}$/),
  viewerOrigins: text('', /^$|^https?:\/\/[a-z0-9.-]+(:\d+)?(,https?:\/\/[a-z0-9.-]+(:\d+)?)*$/),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends WholeNumber ? number : string;
};

/** Reads every setting from the context of the app, or throws naming the setting and its bound. */
export function readSettings(node: Node): Settings {
  const entries = Object.entries(SETTINGS).map(([name, setting]) => [
    name,
    readSetting(name, setting, node.tryGetContext(name)),
  ]);
  const settings = Object.fromEntries(entries) as Settings;
  if (settings.linkDefaultDays > settings.linkMaximumDays) {
    throw new Error(
      `linkDefaultDays is ${settings.linkDefaultDays}, over linkMaximumDays ${settings.linkMaximumDays}`,
    );
  }
  if ((settings.domainName === '') !== (settings.certificateArn === '')) {
    throw new Error('domainName and certificateArn are set together or not at all');
  }
  if ((settings.oidcIssuer === '') !== (settings.oidcAudience === '')) {
    throw new Error('oidcIssuer and oidcAudience are set together or not at all');
  }
  return settings;
}

// Context from `-c key=value` is text, from cdk.json it may be a number.
function readSetting(name: string, setting: Setting, given: unknown): string | number {
  if (given === undefined || given === null) return setting.default;
  if (setting.kind === 'text') {
    if (setting.pattern.test(String(given))) return String(given);
    throw new Error(`Setting ${name} must match ${setting.pattern.source}`);
  }
  const value = typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given);
  if (Number.isInteger(value) && value >= setting.minimum && value <= setting.maximum) return value;
  throw new Error(`Setting ${name} must be a whole number from ${setting.minimum} to ${setting.maximum}`);
}

/** The issuer that signs staff in where it is not a user pool of the deployment. */
export function ownIssuer(settings: Settings) {
  const {
    oidcIssuer: issuer,
    oidcAudience: audience,
    oidcScope: scope,
    oidcRolesClaim: rolesClaim,
  } = settings;
  if (issuer === '') return {};
  return { issuer: { issuer, audience, clientId: settings.oidcClientId || audience, scope, rolesClaim } };
}

/** Origins of viewers that ask from a browser. */
export function viewerOrigins({ viewerOrigins: listed }: Settings): string[] {
  return listed === '' ? [] : listed.split(',');
}
