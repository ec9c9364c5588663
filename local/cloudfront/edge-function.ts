/** CloudFront Functions (viewer request and viewer response), run in a context of their own with a time limit. */
import { createContext, Script } from 'node:vm';

export interface EdgeRequest {
  method: string;
  uri: string;
  querystring: Record<string, { value: string; multiValue?: { value: string }[] }>;
  headers: Record<string, { value: string }>;
  cookies: Record<string, { value: string }>;
}

export interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: Record<string, { value: string }>;
  cookies?: Record<string, { value: string; attributes?: string }>;
  body?: string | { encoding: 'text' | 'base64'; data: string };
}

export interface EdgeEvent {
  readonly version: '1.0';
  readonly context: { readonly eventType: string; readonly distributionId: string };
  readonly viewer: { readonly ip: string };
  readonly request: EdgeRequest;
  readonly response?: EdgeResponse;
}

/** CloudFront allows less than a millisecond of computing; this is for a busy laptop. */
const TIMEOUT_MS = 1_000;

/** Calls the code's `handler(event)`. */
export type EdgeFunction = (event: EdgeEvent) => Promise<EdgeRequest | EdgeResponse>;

/** Compiles the code of a function. */
export function compileEdgeFunction(code: string, name: string): EdgeFunction {
  const script = new Script(`${code}\n;handler(JSON.parse(__event))`, { filename: `${name}.js` });
  return async (event) => {
    const context = createContext({ __event: JSON.stringify(event), console: { log: () => {} } });
    return structuredClone(await script.runInContext(context, { timeout: TIMEOUT_MS }));
  };
}
