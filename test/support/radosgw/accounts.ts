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

  /** Makes a role with that policy, if it is new, and assumes it as the owner. */
  async assumeRole(policy: object, request: RoleRequest = {}): Promise<TemporaryKeys> {
    const role = request.name ?? `build-${process.pid}-${++this.#roles}`;
    const trust = {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: [`arn:aws:iam:::user/${OWNER}`] }, Action: ["sts:AssumeRole"] },
      ],
    };
    await this.#admin(
      "role",
      "create",
      "--role-name",
      role,
      "--path",
      "/",
      "--assume-role-policy-doc",
      JSON.stringify(trust),
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
      JSON.stringify(policy),
    );
    const roleArn = `arn:aws:iam:::role/${role}`;
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

  #sts(roleArn: string, request: RoleRequest): Promise<string> {
    const command = ["/usr/bin/aws", "--endpoint-url", this.#url, "--output", "json", "sts", "assume-role"];
    const role = ["--role-arn", roleArn, "--role-session-name", request.sessionName ?? "build"];
    const duration = ["--duration-seconds", String(request.durationSeconds ?? 3600)];
    return this.#daemons.run([...command, ...role, ...duration], {
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
