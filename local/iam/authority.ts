/**
 * Who may do what on this machine: the roles and resource policies of the template, the access keys that stand for them,
 * and a record of every call that was denied. The loopback servers put each call of each function to `authorize`.
 */
import { createHmac } from 'node:crypto';
import {
  AccessDenied,
  type AuthorizationRequest,
  type Authorize,
  type CredentialLookup,
  type Principal,
} from '../auth/authorize.ts';
import { type Caller, type Decision, decide } from './evaluate.ts';
import { managedPolicy } from './managed-policies.ts';
import { markUsed, type Statement } from './policy.ts';

export interface Role {
  readonly arn: string;
  readonly name: string;
  /** Grows while the template is created: policies name the roles they attach to. */
  readonly identity: Statement[];
  readonly trust: readonly Statement[];
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A call that AWS would have denied. */
export interface Denial {
  /** Logical id of the function, or what else called. */
  readonly function: string;
  readonly action: string;
  readonly resource: string;
  readonly at: string;
  readonly message: string;
}

export interface Authority {
  readonly authorize: Authorize;
  readonly credentials: CredentialLookup;
  readonly roles: ReadonlyMap<string, Role>;
  addRole(role: Role): void;
  /** Adds to the policy of a resource, named by its ARN. */
  addResourcePolicy(arn: string, statements: readonly Statement[]): void;
  /** A function running under a role; `title` is what people call it. */
  session(roleArn: string, name: string, title: string): Principal;
  /** An AWS service acting for a resource of the account: CloudFront for a distribution, S3 for a bucket. */
  service(service: string, sourceArn: string): Principal;
  administrator(name: string): Principal;
  /** The access key of a principal, the same on every start. */
  accessKey(principal: Principal): AccessKey;
  denials(): Denial[];
}

export interface AuthorityOptions {
  readonly account: string;
  readonly region: string;
  /** Kept in the data directory: access keys are derived from it. */
  readonly secret: string;
  /** Told of each denial that was not there before. */
  readonly onDenial?: (denial: Denial) => void;
}

interface Registered {
  readonly caller: Caller;
  readonly identity: readonly Statement[];
  readonly context: ReadonlyMap<string, readonly string[]>;
}

/** Distinct denials remembered; a retried message repeats the same one. */
const REMEMBERED_DENIALS = 1_000;

/** An authority that knows nobody yet. */
export function createAuthority({ account, region, secret, onDenial }: AuthorityOptions): Authority {
  const roles = new Map<string, Role>();
  const policies = new Map<string, Statement[]>();
  const registered = new Map<string, Registered>();
  const keys = new Map<string, { secret: string; principal: Principal }>();
  const denials = new Map<string, Denial>();

  const register = (principal: Principal, caller: Caller, identity: readonly Statement[], facts: object) => {
    const context = new Map<string, readonly string[]>(
      Object.entries({
        // The loopback stands for TLS: what is refused for being unencrypted in AWS is not meant here.
        'aws:SecureTransport': 'true',
        's3:TlsVersion': '1.3',
        'aws:RequestedRegion': region,
        'aws:PrincipalIsAWSService': String(caller.kind === 'service'),
        'aws:ViaAWSService': 'false',
        ...facts,
      }).map(([key, value]) => [key.toLowerCase(), [value]]),
    );
    registered.set(principal.arn, { caller, identity, context });
    const { accessKeyId, secretAccessKey } = deriveKey(secret, principal.arn);
    keys.set(accessKeyId, { secret: secretAccessKey, principal });
    return principal;
  };

  const evaluate = (request: AuthorizationRequest): Decision => {
    const known = registered.get(request.principal.arn);
    if (known === undefined) return { allowed: false, because: 'the principal is not known', statements: [] };
    const context = new Map(known.context);
    for (const [key, value] of Object.entries(request.context ?? {}))
      context.set(key.toLowerCase(), [value].flat());
    return decide({
      caller: known.caller,
      action: request.action,
      resource: request.resource,
      context,
      identity: known.identity,
      resourcePolicy: policies.get(policyHolder(request.resource)),
    });
  };

  const recordDenial = (request: AuthorizationRequest, because: string) => {
    const resource = withoutKey(request.resource);
    const id = `${request.principal.name} ${request.action} ${resource}`;
    if (denials.has(id) || denials.size >= REMEMBERED_DENIALS) return;
    const message = `${request.principal.name} is not allowed ${request.action} on ${resource}: ${because}`;
    const at = new Date().toISOString();
    const denial = { function: request.principal.name, action: request.action, resource, at, message };
    denials.set(id, denial);
    onDenial?.(denial);
  };

  return {
    roles,
    authorize: (request) => {
      const decision = evaluate(request);
      if (!decision.allowed) {
        recordDenial(request, decision.because);
        throw new AccessDenied(request, decision.because);
      }
      for (const statement of decision.statements) markUsed(statement, request.action, request.resource);
    },
    credentials: (accessKeyId) => keys.get(accessKeyId),
    addRole: (role) => roles.set(role.arn, role),
    addResourcePolicy: (arn, statements) => {
      policies.set(arn, [...(policies.get(arn) ?? []), ...statements]);
    },
    session: (roleArn, name, title) => {
      const role = roles.get(roleArn);
      if (role === undefined) throw new Error(`${name}: there is no role ${roleArn}`);
      const arn = `arn:aws:sts::${account}:assumed-role/${role.name}/${name}`;
      const caller: Caller = { kind: 'role', roleArn, sessionArn: arn, account };
      return register({ arn, name: title }, caller, role.identity, {
        'aws:PrincipalArn': roleArn,
        'aws:PrincipalAccount': account,
        'aws:PrincipalType': 'AssumedRole',
      });
    },
    service: (service, sourceArn) => {
      const principal = { arn: `${service}#${sourceArn}`, name: `${service} for ${sourceArn}` };
      if (registered.has(principal.arn)) return principal;
      return register(principal, { kind: 'service', service }, [], {
        'aws:SourceArn': sourceArn,
        'aws:SourceAccount': account,
        'aws:PrincipalServiceName': service,
      });
    },
    administrator: (name) => {
      const arn = `arn:aws:iam::${account}:user/${name}`;
      const all = managedPolicy('AdministratorAccess', name);
      return register({ arn, name }, { kind: 'user', arn, account }, all, {
        'aws:PrincipalArn': arn,
        'aws:PrincipalAccount': account,
        'aws:PrincipalType': 'User',
      });
    },
    accessKey: (principal) => deriveKey(secret, principal.arn),
    denials: () => [...denials.values()],
  };
}

function deriveKey(secret: string, arn: string): AccessKey {
  const bytes = createHmac('sha512', secret).update(arn).digest();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const id = [...bytes.subarray(0, 16)].map((byte) => letters[byte % 32]).join('');
  return { accessKeyId: `AKIA${id}`, secretAccessKey: bytes.subarray(16, 46).toString('base64') };
}

/** The ARN whose policy governs a resource: an object's bucket, else the resource itself. */
function policyHolder(resource: string): string {
  return resource.startsWith('arn:aws:s3:::') ? (resource.split('/', 1)[0] as string) : resource;
}

/** A key may hold a name, so no record repeats more of it than its first folder. */
function withoutKey(resource: string): string {
  if (!resource.startsWith('arn:aws:s3:::')) return resource;
  const [bucket, first, ...rest] = resource.split('/');
  if (first === undefined) return resource;
  return rest.length > 0 ? `${bucket}/${first}/*` : `${bucket}/*`;
}
