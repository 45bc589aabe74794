import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { assumedRoleSource } from "../../../src/credentials/assumed-role.js";
import { readAuthorizationToken } from "../../../src/credentials/authorization-token.js";
import { containerSource } from "../../../src/credentials/container-source.js";
import { asResponse, type Network, tryEndpoint } from "../../../src/credentials/endpoint-request.js";
import { environmentKeys } from "../../../src/credentials/environment-keys.js";
import { findSource } from "../../../src/credentials/find-source.js";
import { LIMITS } from "../../../src/credentials/request-once.js";
import { concealed } from "../../../src/output/concealed.js";
import { testContext } from "../../support/test-context.js";

let made = 0;
/** A value that nothing has learned yet. */
const fresh = (name: string) => `${name}-${++made}/Zx9+q=`;

/** Whether each is shown before something happens, and none of them after it. */
async function expectLearned(secrets: readonly string[], action: () => unknown): Promise<void> {
  for (const secret of secrets) expect(concealed(`x ${secret} y`)).toBe(`x ${secret} y`);
  await action();
  for (const secret of secrets) expect(concealed(`x ${secret} y`)).toBe("x *** y");
}

function inFile(name: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), "secrets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return { folder, path: join(folder, name) };
}

const sts = () => Promise.reject(new Error("STS is not asked here"));

describe("no line of ours repeats", () => {
  it("keys in variables, once these are looked at", async () => {
    const [secret, token] = [fresh("secret"), fresh("token")];
    const env = { AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token };
    await expectLearned([secret, token], () => environmentKeys(testContext(env)));
  });

  it.each([
    [
      "lines",
      (secret: string, token: string) =>
        `AWS_ACCESS_KEY_ID=A\nAWS_SECRET_ACCESS_KEY=${secret}\nAWS_SESSION_TOKEN=${token}\n`,
    ],
    [
      "a profile",
      (secret: string, token: string) =>
        `[default]\naws_access_key_id=A\naws_secret_access_key=${secret}\naws_session_token=${token}\n`,
    ],
    [
      "a profile with no-break spaces",
      (secret: string, token: string) =>
        `[default]\naws_access_key_id=A\naws_secret_access_key\u00a0=${secret}\naws_session_token\u00a0=${token}\n`,
    ],
  ])("%s of a file, be it named or a secret", async (_, write) => {
    for (const purpose of ["role", "s3"] as const) {
      const [secret, token] = [fresh("secret"), fresh("token")];
      const { path } = inFile("keys", write(secret, token));
      const search = { purpose, sts, credentialsFile: path };
      await expectLearned([secret, token], () => findSource(search, testContext()));
      const [mounted, session] = [fresh("secret"), fresh("token")];
      const { folder: secretsFolder } = inFile("aws-credentials", write(mounted, session));
      const context = testContext({}, { secretsFolder });
      await expectLearned([mounted, session], () => findSource({ purpose, sts }, context));
    }
  });

  it("keys that an endpoint answered", async () => {
    const [secretAccessKey, sessionToken] = [fresh("secret"), fresh("token")];
    const credentials = { accessKeyId: "A", secretAccessKey, sessionToken };
    const response = { status: 200, headers: {}, body: Buffer.from("{}") };
    await expectLearned([secretAccessKey, sessionToken], () =>
      asResponse({ kind: "credentials", credentials }, response),
    );
  });

  it("the id in an endpoint's address, from before it is asked", async () => {
    const [relative, full] = ["0123456789abcdef", "fedcba9876543210"];
    const given = { name: "V", place: "environment" } as const;
    await expectLearned([relative], () =>
      containerSource({ ...given, value: `/v2/credentials/${relative}` }, false, testContext()),
    );
    await expectLearned([full], () =>
      containerSource({ ...given, value: `http://127.0.0.1/creds/${full}` }, true, testContext()),
    );
  });

  it("the authorization token, from before it is sent", async () => {
    const token = fresh("token");
    const endpoint = { scheme: "http", host: "127.0.0.1", port: 80, target: "/" } as const;
    const asked = {
      description: { kind: "container", name: "V", place: "environment" },
      endpoint,
      full: true,
    } as const;
    const network: Network = {
      limits: LIMITS,
      dial: async () => {
        expect(concealed(token)).toBe("***");
        const socket = new Socket();
        setImmediate(() => socket.destroy());
        return socket;
      },
    };
    await expectLearned([token], () =>
      tryEndpoint(asked, () => token, { unknownId: true }, 1000, 1000, testContext(), network),
    );
  });

  it("a token that stands where the path of its file is expected", async () => {
    const read = (path: string) => () =>
      expect(() =>
        readAuthorizationToken({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path }, "/proc/nowhere"),
      ).toThrow(expect.objectContaining({ id: "token-file" }));
    const token = fresh("token");
    await expectLearned([token], read(token));
    for (const path of ["/proc/nowhere/token-of-mine", "./nowhere/token-of-mine"]) {
      read(path)();
      expect(concealed(path)).toBe(path);
    }
  });

  it("the external id of a role, and the keys that it is assumed with", async () => {
    const [externalId, secretAccessKey, sessionToken] = [fresh("external"), fresh("secret"), fresh("token")];
    const base = {
      description: { kind: "container", name: "V", place: "environment" },
      fetch: async () => ({
        credentials: { accessKeyId: "ASIABASEBASE", secretAccessKey, sessionToken },
      }),
    } as const;
    const role = { roleArn: "arn:aws:iam::123456789012:role/r", from: "--role-arn", externalId };
    const source = assumedRoleSource(base, role, sts, testContext());
    expect(concealed(externalId)).toBe("***");
    await expectLearned(["ASIABASEBASE", secretAccessKey, sessionToken], () =>
      expect(source.fetch()).rejects.toThrow("STS is not asked here"),
    );
  });
});
