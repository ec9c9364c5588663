/**
 * The DynamoDB endpoint: checks who calls and whether the policies allow it, then lets the store answer. A table under a
 * customer managed key asks for `kms:Decrypt` too, with the caller's own authority through the service.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AuthError } from '../auth/auth-error.ts';
import { AccessDenied, type Authorize, type CredentialLookup, type Principal } from '../auth/authorize.ts';
import { verifyRequest } from '../auth/verify-request.ts';
import { listen } from '../http/listen.ts';
import { readBody } from '../http/read-body.ts';
import { openTableStore, type TableStore } from './table-store.ts';

export interface DynamoOptions {
  readonly dir: string;
  readonly account: string;
  readonly region: string;
  readonly credentials: CredentialLookup;
  readonly authorize: Authorize;
  readonly onFault: (error: unknown) => void;
  /** Told how many request units a request takes. */
  readonly onUnits?: (principal: string, action: string, units: number) => void;
}

export interface DynamoServer {
  readonly endpoint: string;
  readonly store: TableStore;
  tableArn(name: string): string;
  /** Lets calls on the table ask for the use of this key. */
  encryptWith(table: string, keyArn: string): void;
  close(): Promise<void>;
}

const TARGET = /^DynamoDB_20120810\.(\w+)$/;
const BODY_LIMIT = 16 * 1024 * 1024;

interface Asked {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly ProjectionExpression?: string;
  readonly Item?: unknown;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
}

/** Starts the endpoint on a free port. */
export async function startDynamoDb(options: DynamoOptions): Promise<DynamoServer> {
  const { account, region, credentials, authorize } = options;
  const store = openTableStore(options.dir, options.onFault);
  const keys = new Map<string, string>();
  const tableArn = (name: string) =>
    name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;

  const admit = (principal: Principal, action: string, input: Asked) => {
    const tables = input.TableName === undefined ? Object.keys(input.RequestItems ?? {}) : [input.TableName];
    if (tables.length === 0) authorize({ principal, action: `dynamodb:${action}`, resource: '*' });
    for (const table of tables) {
      const arn = tableArn(table);
      options.onUnits?.(principal.name, `dynamodb:${action}`, unitsOf(input, table));
      const resource = input.IndexName === undefined ? arn : `${arn}/index/${input.IndexName}`;
      const asked = action === 'GetItem' ? { context: readFacts(input) } : {};
      authorize({ principal, action: `dynamodb:${action}`, resource, ...asked });
      const key = keys.get(table);
      if (key === undefined) continue;
      const context = { 'kms:ViaService': `dynamodb.${region}.amazonaws.com`, 'kms:CallerAccount': account };
      authorize({ principal, action: 'kms:Decrypt', resource: key, context });
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, BODY_LIMIT);
    if (body === undefined)
      return reply(response, 413, fault('RequestEntityTooLarge', 'the request is too large'));
    const { headers, method = 'POST', url: rawUrl = '/' } = request;
    const action = TARGET.exec(String(headers['x-amz-target']))?.[1];
    if (action === undefined)
      return reply(response, 400, fault('UnknownOperationException', 'no such operation'));
    const text = body.toString();
    try {
      const signed = { method, rawUrl, headers, service: 'dynamodb', body };
      const { principal } = verifyRequest(signed, credentials);
      admit(principal, action, JSON.parse(text) as Asked);
    } catch (error) {
      if (error instanceof AuthError) return reply(response, 400, fault(error.jsonType, error.message));
      if (error instanceof AccessDenied)
        return reply(response, 400, fault('AccessDeniedException', error.message));
      if (error instanceof SyntaxError) return reply(response, 400, fault('SerializationException', ''));
      throw error;
    }
    const answer = await store.ask(action, text);
    reply(response, answer.status, answer.body);
  };

  const listener = await listen((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.onFault(error);
      response.destroy();
    });
  });
  return {
    endpoint: listener.address,
    store,
    tableArn,
    encryptWith: (table, keyArn) => keys.set(table, keyArn),
    close: async () => {
      await listener.close();
      await store.close();
    },
  };
}

/** What conditions may ask of a read by key: the attributes that it names, or that it asks for all of them. */
function readFacts({ Key = {}, ProjectionExpression }: Asked): Record<string, string | string[]> {
  const named = ProjectionExpression?.split(',').map((path) => path.trim().split(/[.[]/)[0] ?? '');
  return {
    'dynamodb:Attributes': [...Object.keys(Key), ...(named ?? [])],
    'dynamodb:Select': named ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES',
  };
}

/**
 * A written row takes a unit for each KiB, judged by its JSON, which is a little longer than the row; a row that is read takes
 * one. Queries and updates count as one row.
 */
function unitsOf({ RequestItems, Item }: Asked, table: string): number {
  const units = (row: unknown) => Math.ceil(JSON.stringify(row).length / 1024);
  const batch = RequestItems?.[table] as Batch | undefined;
  if (batch === undefined) return Item === undefined ? 1 : units(Item);
  return 'length' in batch
    ? batch.reduce((sum: number, row) => sum + units(row), 0)
    : (batch.Keys?.length ?? 0);
}

/** Rows to write, or keys of rows to read. */
type Batch = readonly unknown[] | { readonly Keys?: readonly unknown[] };

function fault(type: string, message: string): string {
  return JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message });
}

function reply(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}
