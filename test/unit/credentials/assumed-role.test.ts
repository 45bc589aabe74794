import { describe, expect, it } from "vitest";
import { assumedRoleSource } from "../../../src/credentials/assumed-role.js";
import type { CredentialSource, Credentials, RoleRequest } from "../../../src/credentials/credentials.js";
import { createProvider } from "../../../src/credentials/provider.js";
import type { Sts } from "../../../src/credentials/sts.js";
import { ExitCode, Failure } from "../../../src/failure.js";
import { concealed } from "../../../src/output/concealed.js";
import { testContext } from "../../support/test-context.js";

const ROLE = "arn:aws:iam::210987654321:role/deploy";
const HOUR = 3_600_000;
const REQUEST: RoleRequest = { roleArn: ROLE, from: "--role-arn" };

const DESCRIPTION = {
  kind: "container",
  name: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  place: "secret",
} as const;

/** A world whose clock a test sets, a source that gives keys for an hour, and an STS that gives them for half of one. */
function world(request: Partial<RoleRequest> = {}, base: Partial<Credentials> = {}, env = {}) {
  let now = Date.UTC(2026, 0, 1);
  const context = testContext(env, { now: () => now });
  let fetched = 0;
  const source: CredentialSource = {
    description: DESCRIPTION,
    fetch: async () => ({
      credentials: {
        accessKeyId: `ASIABASE${++fetched}`,
        secretAccessKey: `base-secret-${fetched}`,
        sessionToken: `base-token-${fetched}`,
        expiration: { epochMs: now + HOUR, text: "" },
        ...base,
      },
    }),
  };
  const asked: { with: string; role: unknown; words: string }[] = [];
  let reached = 0;
  let answer: (count: number) => Partial<Credentials> = () => ({});
  const sts: Sts = {
    assumeRole: async ({ accessKeyId }, role, words) => {
      asked.push({ with: accessKeyId, role, words });
      const changes = answer(asked.length);
      return {
        arn: "x",
        credentials: {
          accessKeyId: `ASIAROLE${asked.length}`,
          secretAccessKey: "s",
          sessionToken: "t",
          expiration: { epochMs: now + HOUR / 2, text: "2026-01-01T00:30:00Z" },
          ...changes,
        },
      };
    },
    assumeRoleWithWebIdentity: () => Promise.reject(new Error("not asked for")),
  };
  const reach = async () => {
    reached++;
    return sts;
  };
  const role = { ...REQUEST, ...request };
  return {
    source: assumedRoleSource(source, role, reach, context),
    asked,
    context,
    pass: (ms: number) => {
      now += ms;
    },
    answering: (next: typeof answer) => {
      answer = next;
    },
    fetched: () => fetched,
    reached: () => reached,
  };
}

describe("a role on top of a source", () => {
  it("gives the keys that STS gives for the source's", async () => {
    const { source, asked, context } = world();
    const { credentials } = await source.fetch();
    expect(credentials.accessKeyId).toBe("ASIAROLE1");
    expect(asked).toEqual([
      {
        with: "ASIABASE1",
        role: { ...REQUEST, sessionName: "fetch-creds" },
        words: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (secret file)",
      },
    ]);
    expect(context.steps).toEqual([
      `assuming ${ROLE} as fetch-creds with the keys of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (secret file)`,
    ]);
  });

  it.each([
    ["--role-arn", "option"],
    ["~/.aws/config, profile deploy", "file"],
  ])("is described by %s and what it stands on", (from, place) => {
    const { source } = world({ from });
    expect(source.description).toEqual({
      kind: "assumed-role",
      name: from,
      place,
      roleArn: ROLE,
      base: DESCRIPTION,
    });
    expect(source.refreshVariables).toBeUndefined();
  });

  it("asks nobody before it is fetched", () => {
    const { fetched, reached } = world();
    expect([fetched(), reached()]).toEqual([0, 0]);
  });

  it.each([
    [{ sessionName: "my build" }, {}, "my-build"],
    [{}, { CODEBUILD_BUILD_ID: "app:0a1b" }, "fetch-creds-0a1b"],
    [{ sessionName: "" }, {}, "fetch-creds"],
  ])("names the session: %j with %j", async (request, env, name) => {
    const { source, asked } = world(request, {}, env);
    await source.fetch();
    expect(asked[0]?.role).toMatchObject({ sessionName: name });
  });

  it("is renewed with the source's keys as long as these last, and then the source as well", async () => {
    const { source, asked, context, pass, fetched } = world();
    const provider = createProvider(source, context);
    const seen: string[] = [];
    // Long enough for each layer to be renewed, and one step a time that no keys are skipped.
    for (let minute = 0; minute < 180; minute += 5) {
      const { accessKeyId } = await provider.get();
      if (seen.at(-1) !== accessKeyId) seen.push(accessKeyId);
      pass(5 * 60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(fetched()).toBeGreaterThanOrEqual(3);
    expect(asked.length).toBeGreaterThan(fetched());
    expect(seen.length).toBeGreaterThanOrEqual(6);
    expect(new Set(asked.map((each) => each.with)).size).toBeGreaterThanOrEqual(fetched() - 1);
  });

  it("takes fresh keys of the source once where STS says that they have expired", async () => {
    const { source, asked, answering, fetched } = world();
    const expired = Object.assign(new Error("x"), { code: "ExpiredToken" });
    answering((count) => {
      if (count === 1)
        throw new Failure("sts-error", { message: "m", exitCode: ExitCode.service, cause: expired });
      return {};
    });
    expect((await source.fetch()).credentials.accessKeyId).toBe("ASIAROLE2");
    expect(asked.map((each) => each.with)).toEqual(["ASIABASE1", "ASIABASE2"]);
    expect(fetched()).toBe(2);
    answering(() => {
      throw new Failure("sts-error", { message: "m", exitCode: ExitCode.service, cause: expired });
    });
    await expect(source.fetch()).rejects.toMatchObject({ id: "sts-error" });
    expect(asked).toHaveLength(4);
  });

  it("does not ask STS again with the same keys", async () => {
    const { source, asked, answering, fetched } = world({}, { accessKeyId: "ASIASAME" });
    const expired = Object.assign(new Error("x"), { code: "ExpiredToken" });
    answering(() => {
      throw new Failure("sts-error", { message: "m", exitCode: ExitCode.service, cause: expired });
    });
    await expect(source.fetch()).rejects.toMatchObject({ id: "sts-error" });
    expect(asked).toHaveLength(1);
    expect(fetched()).toBe(2);
  });

  it("does not ask STS again for what it refuses, whosever keys they are", async () => {
    const { source, asked, answering, fetched } = world();
    const denied = Object.assign(new Error("x"), { code: "AccessDenied" });
    const failure = new Failure("sts-denied", { message: "m", exitCode: ExitCode.service, cause: denied });
    answering(() => {
      throw failure;
    });
    await expect(source.fetch()).rejects.toBe(failure);
    expect([asked.length, fetched()]).toEqual([1, 1]);
  });

  it("does not take keys that have expired", async () => {
    const { source, answering } = world();
    answering(() => ({ expiration: { epochMs: Date.UTC(2025, 11, 31), text: "2025-12-31T00:00:00Z" } }));
    await expect(source.fetch()).rejects.toMatchObject({
      id: "role-keys-expired",
      exitCode: 254,
      message: `STS gave keys for ${ROLE} that expired at 2025-12-31T00:00:00Z; the local clock says 2026-01-01T00:00:00.000Z`,
    });
  });
});

describe("what STS would refuse", () => {
  it.each([
    [3601, "t", "--role-arn", "role-too-long"],
    [43_200, "t", "--role-arn", "role-too-long"],
    [3600, "t", "--role-arn", undefined],
    [undefined, "t", "--role-arn", undefined],
    [43_200, undefined, "--role-arn", undefined],
    // As the AWS CLI, which leaves it to STS.
    [43_200, "t", "~/.aws/config, profile deploy", undefined],
  ])("a duration of %j s with the token %j (%s): %s", async (durationSeconds, sessionToken, from, id) => {
    const base = { sessionToken } as Partial<Credentials>;
    const { source, asked, context } = world({ durationSeconds, from }, base);
    const outcome = await source.fetch().catch((error: unknown) => error);
    expect(asked).toHaveLength(id === undefined ? 1 : 0);
    expect(context.steps).toHaveLength(asked.length);
    if (id !== undefined) expect(outcome).toMatchObject({ id, exitCode: 252 });
  });

  it("is told without the keys that it is about", async () => {
    const keys = { secretAccessKey: "base-secret-of-a-refused-role", sessionToken: "t" };
    const { source } = world({ durationSeconds: 3601 }, keys);
    await expect(source.fetch()).rejects.toMatchObject({ id: "role-too-long" });
    expect(concealed(`x ${keys.secretAccessKey} y`)).toBe("x *** y");
  });

  it("is left to STS where what is asked for is no ARN", async () => {
    const roleArn = "arn:aws:sts::123456789012:assumed-role/build/s";
    const { source, asked } = world({ roleArn: "a-role-by-its-name" }, { roleArn });
    await source.fetch();
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["arn:aws-cn:iam::123456789012:role/build", "role-partition"],
    ["arn:aws-us-gov:sts::123456789012:assumed-role/build/s", "role-partition"],
    ["arn:aws:sts::123456789012:assumed-role/build/s", undefined],
    [undefined, undefined],
  ])("from %s, a role of the partition aws: %s", async (roleArn, id) => {
    const { source, asked } = world({}, { roleArn } as Partial<Credentials>);
    const outcome = await source.fetch().catch((error: unknown) => error);
    expect(asked).toHaveLength(id === undefined ? 1 : 0);
    if (id !== undefined)
      expect(outcome).toMatchObject({
        id,
        exitCode: 253,
        message: expect.stringMatching(
          `^${roleArn} cannot assume ${ROLE} \\(--role-arn\\): it is in the partition `,
        ),
      });
  });
});
