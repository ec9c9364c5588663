/** The endpoint of the small services that speak AWS's JSON protocol: Secrets Manager and EventBridge. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../auth/auth-error.ts';
import { AccessDenied, type CredentialLookup, type Principal } from '../auth/authorize.ts';
import { verifyRequest } from '../auth/verify-request.ts';
import { listen } from '../http/listen.ts';
import { readBody } from '../http/read-body.ts';

/** An operation of a service; throws `AccessDenied`, or `ServiceError` for what the service itself refuses. */
export type Operation = (input: Record<string, unknown>, principal: Principal) => unknown;

export interface JsonService {
  /** The name in a signature: `secretsmanager`, `events`. */
  readonly signingName: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** A refusal in the words of the service. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export interface ControlOptions {
  readonly credentials: CredentialLookup;
  /** By the prefix of `X-Amz-Target`: `secretsmanager`, `AWSEvents`. */
  readonly services: ReadonlyMap<string, JsonService>;
  readonly onFault: (error: unknown) => void;
}

const BODY_LIMIT = 2 * 1024 * 1024;

/** Starts the endpoint on a free port. */
export function startControl(options: ControlOptions) {
  const answer = (request: IncomingMessage, body: Buffer): unknown => {
    const [prefix = '', name = ''] = String(request.headers['x-amz-target']).split('.');
    const service = options.services.get(prefix);
    const operation = service?.operations[name];
    if (service === undefined || operation === undefined) {
      throw new ServiceError('UnknownOperationException', `${prefix}.${name} is not known to the local run`);
    }
    const { principal } = verifyRequest(
      {
        method: request.method ?? 'POST',
        rawUrl: request.url ?? '/',
        headers: request.headers,
        service: service.signingName,
        body,
      },
      options.credentials,
    );
    return operation(JSON.parse(body.toString()) as Record<string, unknown>, principal);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, BODY_LIMIT);
    try {
      if (body === undefined) throw new ServiceError('RequestEntityTooLarge', 'the request is too large');
      reply(response, 200, answer(request, body));
    } catch (error) {
      if (error instanceof AuthError)
        reply(response, 400, { __type: error.jsonType, message: error.message });
      else if (error instanceof AccessDenied) {
        reply(response, 400, {
          __type: 'AccessDeniedException',
          Message: error.message,
          message: error.message,
        });
      } else if (error instanceof ServiceError)
        reply(response, 400, { __type: error.type, message: error.message });
      else throw error;
    }
  };

  return listen((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onFault(error);
      response.destroy();
    });
  });
}

function reply(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
}
