/** A moment that a response named: as a number and as it stood there. */
export interface Expiration {
  /** Milliseconds since the epoch. */
  readonly epochMs: number;
  /** RFC 3339, as the source gave it. */
  readonly text: string;
}

/** Keys of a role or a user. `Token` of the endpoint is `sessionToken` here, as in every SDK. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Absent: the source named none (long-lived keys, or an endpoint that leaves it out). */
  readonly expiration?: Expiration;
  /** The ARN of an IAM role or of a session of one, as the endpoint names it. Absent: not told. */
  readonly roleArn?: string;
  /** As the endpoint names it, or from that ARN. */
  readonly accountId?: string;
}

/** Who STS says that keys belong to (GetCallerIdentity). */
export interface Caller {
  /** A session's, a user's, or the account's own. */
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
}

/** Where credentials come from, in words that a user can act on. Holds nothing secret. */
export interface SourceDescription {
  readonly kind:
    | "container"
    | "environment-keys"
    | "credentials-file"
    | "profile"
    | "web-identity"
    | "instance"
    | "process"
    | "assumed-role";
  /** The variable, option or file that named it: what the user would change. */
  readonly name: string;
  readonly place: "option" | "environment" | "secret" | "file";
  /** `http://169.254.170.2` for a container endpoint. */
  readonly address?: string;
  /** The request path with its id shortened, or the path of the file. */
  readonly path?: string;
  /** Of an assumed role: whose keys STS is asked with. */
  readonly base?: SourceDescription;
  /** The role that STS is asked for. */
  readonly roleArn?: string;
}

/** A role to be assumed with the keys of a source, before any of it is checked by STS. */
export interface RoleRequest {
  readonly roleArn: string;
  /** Undefined: one of our own. */
  readonly sessionName?: string | undefined;
  readonly externalId?: string | undefined;
  /** Undefined: what STS gives by itself, an hour. */
  readonly durationSeconds?: number | undefined;
  /** Who asked for it, for messages: `--role-arn`; `~/.aws/config, profile deploy`. */
  readonly from: string;
}

/** One fetch: the credentials, and what came with them. */
export interface CredentialResponse {
  readonly credentials: Credentials;
  /** The endpoint's body as it was sent, for `verify --raw`; absent for keys and files. Secret. */
  readonly body?: string;
  /** The response has no Token, but a SessionToken, which no SDK reads there. */
  readonly tokenMisnamed?: true;
  /** When the keys expired that an instance repeats; `credentials` have a later end, at which to ask again. */
  readonly expiredAt?: Expiration;
  /** The endpoint's Date header, ms since the epoch, for `doctor`. */
  readonly date?: number;
}

/** A configured source. `fetch` asks it afresh, with all tries and limits; it throws a Failure. */
export interface CredentialSource {
  readonly description: SourceDescription;
  fetch(): Promise<CredentialResponse>;
  /** What the AWS CLI would take in its place: `~/.aws/credentials, profile default`. */
  readonly passedOver?: string | undefined;
  /** The variables that let an SDK in a child process ask this source itself (`exec --refreshable`); container only. */
  readonly refreshVariables?: Readonly<Record<string, string>>;
}
