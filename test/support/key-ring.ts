import { randomBytes } from "node:crypto";

/** Keys that a server accepts, and what it knows of them. */
export interface KnownKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since the epoch; absent: never. A test may change it. */
  expiresAt?: number;
  readonly arn: string;
  readonly account: string;
}

export const ACCOUNT = "123456789012";
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/service-role/codebuild-app`;

/** The keys that are good for a set of servers: those of the credential endpoint, and whatever a test adds. */
export class KeyRing {
  readonly #keys = new Map<string, KnownKeys>();

  find(accessKeyId: string): KnownKeys | undefined {
    return this.#keys.get(accessKeyId);
  }

  add(keys: KnownKeys): KnownKeys {
    this.#keys.set(keys.accessKeyId, keys);
    return keys;
  }

  /** New temporary keys of the role. */
  issue(expiresAt: number, role = "codebuild-app"): KnownKeys {
    const id = randomBytes(16)
      .toString("base64")
      .toUpperCase()
      .replace(/[^A-Z2-7]/g, "A")
      .slice(0, 16);
    return this.add({
      accessKeyId: `ASIA${id}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: `IQoJ${randomBytes(300).toString("base64")}`,
      expiresAt,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/AWSCodeBuild-0a1b2c`,
      account: ACCOUNT,
    });
  }

  /** All issued keys are expired from now on. */
  expireAll(now = Date.now()): void {
    for (const keys of this.#keys.values()) if (keys.sessionToken !== undefined) keys.expiresAt = now - 1;
  }
}
