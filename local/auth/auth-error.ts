/**
 * What can be wrong with a signature, in the words of S3, and how the JSON services call the same fault.
 */

/** The codes S3 answers with when it cannot tell who is calling. */
export type AuthErrorCode =
  | 'AccessDenied'
  | 'AuthorizationHeaderMalformed'
  | 'AuthorizationQueryParametersError'
  | 'InvalidAccessKeyId'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch'
  | 'XAmzContentSHA256Mismatch';

const JSON_TYPES: Record<AuthErrorCode, string> = {
  AccessDenied: 'MissingAuthenticationTokenException',
  AuthorizationHeaderMalformed: 'IncompleteSignatureException',
  AuthorizationQueryParametersError: 'IncompleteSignatureException',
  InvalidAccessKeyId: 'UnrecognizedClientException',
  RequestTimeTooSkewed: 'InvalidSignatureException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  XAmzContentSHA256Mismatch: 'InvalidSignatureException',
};

/** The request is not authentic: unsigned, expired, signed with another secret or changed on its way. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: AuthErrorCode;
  readonly status: number;

  constructor(code: AuthErrorCode, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** The same fault as the AWS JSON protocols name it (DynamoDB, SQS, Secrets Manager, EventBridge). */
  get jsonType(): string {
    return JSON_TYPES[this.code];
  }
}
