/** One request to STS. */
export interface Step {
  readonly action: string;
  /** The last part of the role's ARN. */
  readonly role: string;
  readonly externalId?: string;
  readonly duration?: string;
  /** `default` where nobody gave one: the two programs make up different ones. */
  readonly session: string;
  /** The name of the keys that signed, or `nobody`. */
  readonly signer: string;
  readonly token?: string;
  /** Of the credential scope. */
  readonly region?: string;
  /** `https://sts.us-east-1.amazonaws.com` */
  readonly host: string;
  readonly webIdentityToken?: string;
}

/** What came of a run. */
export interface Observed {
  /** It failed, and S3 got no request. */
  readonly stopped: boolean;
  /** The name of the keys that signed the requests to S3; `nobody` without a signature; undefined without a request. */
  readonly signer?: string;
  readonly token?: string;
  readonly region?: string;
  /** `https://BUCKET.s3.us-east-1.amazonaws.com` or `http://127.0.0.1:8080/BUCKET`. */
  readonly host?: string;
  readonly steps: readonly Step[];
  /** Requests to the container's endpoint: host, path and the token that went with them, each once. */
  readonly container: readonly string[];
  /** Where the instance was asked for its role or its keys, each once. */
  readonly instance: readonly string[];
}

/** A run, and what both programs printed, for messages. */
export interface Run {
  readonly observed: Observed;
  readonly code: number;
  readonly stderr: string;
}

export type Program = "aws" | "ours";
