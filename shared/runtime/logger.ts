/**
 * The structured logger. It writes one JSON line per event and only the keys that are listed here: opaque ids, counts,
 * times and names of errors. It refuses by construction to write a key of an object, a path, a value or a message of
 * somebody else's error, because those may hold a patient's name.
 */

/** Everything that may stand in a log line. */
export interface LogFields {
  readonly step?: string;
  readonly run?: string;
  /** Opaque. */
  readonly item?: string;
  /** Opaque, or `unregistered`. */
  readonly upload?: string;
  readonly reason?: string;
  /** Tag, offset or limit, as in `UnprocessableInstanceError`. */
  readonly where?: string;
  readonly route?: string;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly bytes?: number;
  readonly records?: number;
  readonly entries?: number;
  readonly instances?: number;
  readonly errorName?: string;
  readonly errorCode?: string;
  readonly errorFrames?: readonly string[];
}

const ALLOWED = [
  'step',
  'run',
  'item',
  'upload',
  'reason',
  'where',
  'route',
  'status',
  'milliseconds',
  'bytes',
  'records',
  'entries',
  'instances',
  'errorName',
  'errorCode',
  'errorFrames',
] as const satisfies readonly (keyof LogFields)[];

/** Something that takes lines for people who operate the system. */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** A logger whose lines all name the step. `event` is a literal of the code, never built from input. */
export function createLogger(step: string, write: (line: string) => void = writeLine): Logger {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      const line: Record<string, unknown> = { level, time: new Date().toISOString(), event, step };
      for (const key of ALLOWED) if (fields[key] !== undefined) line[key] = fields[key];
      write(JSON.stringify(line));
    };
  return { info: log('info'), error: log('error') };
}

/**
 * What may be said of an error that is not ours: its name, its code and the places in our code it passed through. Its
 * message is left out: the SDK and others put keys and values there.
 */
export function describeError(error: unknown): Pick<LogFields, 'errorName' | 'errorCode' | 'errorFrames'> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const errorCode = typeof code === 'string' ? code : $metadata?.httpStatusCode?.toString();
  return {
    errorName: /^[\w.:-]{1,80}$/.test(error.name) ? error.name : 'Error',
    ...(errorCode !== undefined && /^[\w.-]{1,80}$/.test(errorCode) ? { errorCode } : {}),
    errorFrames: framesOf(error),
  };
}

/** The stack begins with the message, and a message may imitate frames: only what follows it is looked at. */
function framesOf(error: Error): string[] {
  const stack = error.stack ?? '';
  const at = stack.indexOf(error.message);
  const after = at < 0 ? '' : stack.slice(at + error.message.length);
  return after
    .split('\n')
    .filter((line) => /^ {4}at [^\n]*:\d+:\d+\)?$/.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
