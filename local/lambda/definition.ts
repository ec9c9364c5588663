/** What a function is, in the words of its template, and what came of calling it. */

export interface FunctionDefinition {
  readonly logicalId: string;
  /** For people: the logical id without its hash. */
  readonly title: string;
  readonly name: string;
  readonly arn: string;
  /** The unpacked bundle. */
  readonly directory: string;
  /** `index.handler` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** All of it: the template's variables and those that Lambda adds. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that stand for `/opt`. */
  readonly layers: readonly string[];
  readonly roleArn: string;
  readonly logFile: string;
  readonly logGroup: string;
  /** Invocations at the same time at most, as the template reserves them. */
  readonly reservedConcurrency: number | undefined;
}

/** An error as Lambda reports it to who invoked the function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export type InvocationResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** Takes a streamed response; `write` resolves when more may be sent. */
export interface ResponseSink {
  head(metadata: ResponseHead): void;
  write(chunk: Uint8Array): Promise<void>;
  end(): void;
}

export interface ResponseHead {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: readonly string[];
}

/** How often a function was called, and what came of it. */
export interface InvocationCounts {
  invocations: number;
  errors: number;
  timeouts: number;
  milliseconds: number;
}
