/** An error as S3 answers it: thrown by an operation, sent as XML by the server. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  /** Further elements of the XML, such as `Region`. */
  readonly elements: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { elements?: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.elements = more.elements ?? {};
    this.headers = more.headers ?? {};
  }
}

export const noSuchKey = (key: string) =>
  new S3Error(404, "NoSuchKey", "The specified key does not exist.", { elements: { Key: key } });

export const noSuchBucket = (bucket: string) =>
  new S3Error(404, "NoSuchBucket", "The specified bucket does not exist", {
    elements: { BucketName: bucket },
  });

export const noSuchUpload = () =>
  new S3Error(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  );

export const accessDenied = (message = "Access Denied") => new S3Error(403, "AccessDenied", message);

export const invalidArgument = (message: string) => new S3Error(400, "InvalidArgument", message);

export const invalidRequest = (message: string) => new S3Error(400, "InvalidRequest", message);

export const preconditionFailed = (condition: string) =>
  new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    elements: { Condition: condition },
  });

export const badDigest = (what: string) =>
  new S3Error(400, "BadDigest", `The ${what} you specified did not match the calculated checksum.`);
