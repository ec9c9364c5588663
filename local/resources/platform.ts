/** What the makers of resources work with: the servers of this machine and what has been made so far. */
import type { Assembly } from '../assembly/read-assembly.ts';
import type { CredentialLookup } from '../auth/authorize.ts';
import type { UserPool } from '../cognito/user-pool.ts';
import type { EventBuses } from '../control/events.ts';
import type { Secrets } from '../control/secrets.ts';
import type { DynamoServer } from '../dynamodb/start-dynamodb.ts';
import type { AddressBook } from '../http/addresses.ts';
import type { Listener } from '../http/listen.ts';
import type { Authority } from '../iam/authority.ts';
import type { FunctionHost } from '../lambda/function-host.ts';
import type { S3Server } from '../s3/contract.ts';
import type { SqsServer } from '../sqs/contract.ts';
import type { Maker } from '../template/resource.ts';

export interface Platform {
  readonly account: string;
  readonly region: string;
  readonly dataDir: string;
  readonly assets: Assembly['assets'];
  readonly authority: Authority;
  readonly credentials: CredentialLookup;
  readonly addresses: AddressBook;
  readonly s3: S3Server;
  readonly sqs: SqsServer;
  readonly dynamodb: DynamoServer;
  readonly secrets: Secrets;
  readonly events: EventBuses;
  /** User pools of the template by id. */
  readonly userPools: Map<string, UserPool>;
  /** Addresses that functions are told: `AWS_ENDPOINT_URL_S3` and so on. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly webPort: number;
  readonly maxWorkers: number;
  readonly retryAfterSeconds: number;
  /** Functions by ARN. */
  readonly functions: Map<string, FunctionHost>;
  /** Queues of the template by ARN. */
  readonly queues: Map<string, DeclaredQueue>;
  /** Listeners to close when the stack stops. */
  readonly listeners: Listener[];
  /** Done when every resource is made, in this order. */
  readonly whenMade: (() => void | Promise<void>)[];
  /** Done when the stack stops, before the servers close. */
  readonly whenStopped: (() => void | Promise<void>)[];
  readonly onFault: (error: unknown) => void;
  readonly log: (line: string) => void;
}

export interface DeclaredQueue {
  readonly name: string;
  readonly logicalId: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  /** The queue that takes what was received too often. */
  readonly deadLetterArn: string | undefined;
}

/** Makers of a family of resource types. */
export type Family = (platform: Platform) => Readonly<Record<string, Maker>>;
