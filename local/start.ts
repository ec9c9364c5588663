/** Runs a synthesized CDK application on this machine. */
import type { OperatorCredentials } from './running.ts';

export interface LocalOptions {
  /** The cloud assembly: the directory that `cdk synth` wrote. */
  readonly assembly: string;
  /** Everything that outlives the process stands here. */
  readonly dataDir: string;
  /** Port of the first CloudFront distribution; the next free one is taken when it is in use. @default 4700 */
  readonly webPort?: number;
  /** Workers each function may grow to. @default 2 */
  readonly maxWorkers?: number;
  /** Seconds after which a failed message is delivered again, where the queue's own visibility timeout is longer. @default 5 */
  readonly retryAfterSeconds?: number;
  readonly log?: (line: string) => void;
}

export interface QueueDepth {
  readonly name: string;
  readonly logicalId: string;
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
  /** Whether another queue redrives to it. */
  readonly deadLetter: boolean;
}

export interface FunctionInvocations {
  readonly function: string;
  readonly logicalId: string;
  readonly invocations: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Sum of the wall-clock time of all invocations. */
  readonly milliseconds: number;
}

/** A call that AWS would have denied. */
export interface Denial {
  /** The function as `<logical id>`, or the principal that called. */
  readonly function: string;
  readonly action: string;
  readonly resource: string;
  readonly at: string;
  /** One sentence that names all of it. */
  readonly message: string;
}

export interface FunctionGrants {
  readonly function: string;
  readonly granted: readonly string[];
  readonly used: readonly string[];
  readonly neverUsed: readonly { readonly action: string; readonly resource: string }[];
}

export interface LocalStack {
  /** Stack outputs, resolved to loopback addresses. */
  readonly outputs: Readonly<Record<string, string>>;
  /** An administrator principal for the command line. */
  readonly operator: OperatorCredentials;
  readonly endpoints: {
    readonly s3: string;
    readonly sqs: string;
    readonly dynamodb: string;
    /** Secrets Manager, EventBridge. */
    readonly control: string;
  };
  queues(): QueueDepth[];
  invocations(): FunctionInvocations[];
  iamReport(): FunctionGrants[];
  denials(): Denial[];
  stop(): Promise<void>;
}

export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  throw new Error(`not yet: ${options.assembly}`);
}
