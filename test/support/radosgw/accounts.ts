import type { Daemons } from "./daemons.js";

export interface RadosgwKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What STS AssumeRole answered: keys that the server checks on every request. */
export interface TemporaryKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** RFC 3339. */
  readonly expiration: string;
  readonly roleArn: string;
}

export interface RoleRequest {
  /** Name of the role; a fresh one by default. */
  readonly name?: string;
  readonly sessionName?: string;
  /** 900 (the least) to 3600; 3600 by default. */
  readonly durationSeconds?: number;
}

/** An IAM policy that allows everything in the buckets named, and nothing elsewhere. */
export function allowBuckets(...buckets: readonly string[]): object {
  const resources = buckets.flatMap((bucket) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]);
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: resources }],
  };
}

const OWNER = "owner";

/** A role's policies, as IAM has them. */
export interface RolePolicies {
  /** Who may assume it: the owner by default. */
  readonly trust?: object;
  readonly access: object;
  /** `/` by default. */
  readonly path?: string;
}

/** A statement that lets this principal have the role. */
export function trusting(principal: object, action = "sts:AssumeRole", condition?: object): object {
  const statement = { Effect: "Allow", Principal: principal, Action: [action] };
  return {
    Version: "2012-10-17",
    Statement: [{ ...statement, ...(condition && { Condition: condition }) }],
  };
}

/** Users, roles and their temporary keys, made by radosgw-admin and by STS itself. */
export class Accounts {
  readonly #daemons: Daemons;
  readonly #url: string;
  #roles = 0;
  owner: RadosgwKeys | undefined;

  constructor(daemons: Daemons, url: string) {
    this.#daemons = daemons;
    this.#url = url;
  }

  async createUser(name: string): Promise<RadosgwKeys> {
    const made = JSON.parse(
      await this.#admin("user", "create", "--uid", name, "--display-name", name, "--max-buckets", "0"),
    );
    const [{ access_key: accessKey, secret_key: secretKey }] = made.keys;
    return { accessKey, secretKey };
  }

  async createOwner(): Promise<RadosgwKeys> {
    this.owner = await this.createUser(OWNER);
    return this.owner;
  }

  /** Makes a role, if it is new, and gives its ARN. */
  async makeRole(role: string, { access, trust, path = "/" }: RolePolicies): Promise<string> {
    const trusted = trust ?? trusting({ AWS: [`arn:aws:iam:::user/${OWNER}`] });
    await this.#admin(
      "role",
      "create",
      "--role-name",
      role,
      "--path",
      path,
      "--assume-role-policy-doc",
      JSON.stringify(trusted),
    ).catch((error: Error) => {
      if (!/exist/i.test(error.message)) throw error;
    });
    await this.#admin(
      "role-policy",
      "put",
      "--role-name",
      role,
      "--policy-name",
      "access",
      "--policy-doc",
      JSON.stringify(access),
    );
    return `arn:aws:iam:::role${path}${role}`;
  }

  /** Makes a role with that policy, if it is new, and assumes it as the owner. */
  async assumeRole(access: object, request: RoleRequest = {}): Promise<TemporaryKeys> {
    const roleArn = await this.makeRole(request.name ?? `build-${process.pid}-${++this.#roles}`, { access });
    const answer = JSON.parse(await this.#sts(roleArn, request)).Credentials;
    return {
      accessKeyId: answer.AccessKeyId,
      secretAccessKey: answer.SecretAccessKey,
      sessionToken: answer.SessionToken,
      // Botocore writes +00:00; the container endpoint of AWS writes Z.
      expiration: new Date(answer.Expiration).toISOString().replace(/\.\d+Z$/, "Z"),
      roleArn,
    };
  }

  /** Makes an identity provider of the issuer, and gives its ARN. */
  async trustIssuer(issuer: string, audience: string): Promise<string> {
    await this.#admin("caps", "add", "--uid", OWNER, "--caps", "oidc-provider=*");
    // Of a certificate, which the keys of our issuers have not.
    const thumbprint = ["--thumbprint-list", "0".repeat(40)];
    const provider = ["--url", issuer, "--client-id-list", audience, ...thumbprint];
    return JSON.parse(await this.#aws("iam", "create-open-id-connect-provider", ...provider))
      .OpenIDConnectProviderArn;
  }

  #sts(roleArn: string, request: RoleRequest): Promise<string> {
    const role = ["--role-arn", roleArn, "--role-session-name", request.sessionName ?? "build"];
    const duration = ["--duration-seconds", String(request.durationSeconds ?? 3600)];
    return this.#aws("sts", "assume-role", ...role, ...duration);
  }

  #aws(...args: readonly string[]): Promise<string> {
    const command = ["/usr/bin/aws", "--endpoint-url", this.#url, "--output", "json", ...args];
    return this.#daemons.run(command, {
      PATH: process.env.PATH,
      HOME: this.#daemons.folder,
      AWS_ACCESS_KEY_ID: this.owner?.accessKey,
      AWS_SECRET_ACCESS_KEY: this.owner?.secretKey,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  }

  #admin(...args: readonly string[]): Promise<string> {
    return this.#daemons.run(["radosgw-admin", "-c", `${this.#daemons.folder}/ceph.conf`, ...args]);
  }
}
