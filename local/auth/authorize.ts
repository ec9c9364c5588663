/**
 * Who may do what: the types that every local server and the evaluator of policies share.
 *
 * A server authenticates (verify-request.ts), then asks `Authorize` once for each action that AWS would check. It refuses
 * by throwing `AccessDenied`; the servers turn that into the answer their protocol has for it.
 */

/** The one who signed a request: a function's role or the operator of this machine. */
export interface Principal {
  /** As in a policy: `arn:aws:sts::<account>:assumed-role/<role>/<session>` or a user's ARN. */
  readonly arn: string;
  /** What people call it: the function's name. */
  readonly name: string;
}

/** The secret of an access key and its owner, or nothing when the key is not known. */
export type CredentialLookup = (
  accessKeyId: string,
) => { readonly secret: string; readonly principal: Principal } | undefined;

/** One question put to the policies. */
export interface AuthorizationRequest {
  readonly principal: Principal;
  /** Service and action, `s3:GetObject`. */
  readonly action: string;
  /** The ARN the action is on, or `*` where AWS knows none. */
  readonly resource: string;
  /** Condition keys the call sets, such as `s3:prefix` or `kms:ViaService`; some have several values. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Returns when the call is allowed, throws `AccessDenied` when it is not. */
export type Authorize = (request: AuthorizationRequest) => void;

/** A call that the policies do not allow; its message names the principal, the action and the resource. */
export class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
  readonly request: AuthorizationRequest;

  constructor(request: AuthorizationRequest, because = 'no identity-based policy allows the action') {
    super(
      `${request.principal.arn} is not authorized to perform: ${request.action} on resource: "${request.resource}" because ${because}`,
    );
    this.request = request;
  }
}
