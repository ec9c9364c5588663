/**
 * What S3 refuses and why, with the code and the status it answers with.
 */

/** An answer that is an error: its code as the SDK sees it in `error.name`. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    status: number,
    message: string = code,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

export const noSuchBucket = () => new S3Error('NoSuchBucket', 404, 'The specified bucket does not exist');

export const noSuchKey = (headers: Record<string, string> = {}) =>
  new S3Error('NoSuchKey', 404, 'The specified key does not exist.', headers);

export const noSuchVersion = () => new S3Error('NoSuchVersion', 404, 'The specified version does not exist.');

export const noSuchUpload = () =>
  new S3Error(
    'NoSuchUpload',
    404,
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );

export const preconditionFailed = () =>
  new S3Error('PreconditionFailed', 412, 'At least one of the pre-conditions you specified did not hold');

export const invalidArgument = (message: string) => new S3Error('InvalidArgument', 400, message);

export const invalidRequest = (message: string) => new S3Error('InvalidRequest', 400, message);

export const malformedXml = () =>
  new S3Error('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate.');
