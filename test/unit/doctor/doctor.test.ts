import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { CredentialResponse, CredentialSource } from "../../../src/credentials/credentials.js";
import { askSource } from "../../../src/doctor/ask-source.js";
import { eachCauseOnce } from "../../../src/doctor/causes.js";
import type { Finding } from "../../../src/doctor/finding.js";
import { lookAtBucket } from "../../../src/doctor/look-at-bucket.js";
import { lookAtSecrets } from "../../../src/doctor/look-at-secrets.js";
import { lookAtSurroundings } from "../../../src/doctor/look-at-surroundings.js";
import { lookAtVariables } from "../../../src/doctor/look-at-variables.js";
import { needsFixing, reportJson, reportText } from "../../../src/doctor/report.js";
import { routeTo } from "../../../src/doctor/route.js";
import { symptomOf } from "../../../src/doctor/value-symptoms.js";
import { Failure } from "../../../src/failure.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const brief = (findings: { level: string; subject: string; found: string }[]) =>
  findings.map(({ level, subject, found }) => `${level} ${subject}: ${found}`);

describe("symptomOf", () => {
  it.each([
    ["", "set, but empty"],
    ["  ", "only white space"],
    ['"/v2/x"', "has quotes around it"],
    ["'/v2/x'", "has quotes around it"],
    ["$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "is a variable's name, not its value"],
    ["${X}", "is a variable's name, not its value"],
    ["%X%", "is a variable's name, not its value"],
    ["/v2/x\n", "has a line break in it"],
    ["/v2/x ", "has white space at an end"],
    ["/v2/credentials/1234", undefined],
  ])("%j", (value, found) => {
    expect(symptomOf(value)?.found).toBe(found);
  });
});

/** An environment in a step without secrets. */
const at = (env: Record<string, string>, secretsFolder = "/nonexistent") => ({ env, secretsFolder });

describe("lookAtVariables", () => {
  it("says of each what it is, never its value", () => {
    const findings = lookAtVariables(at({ [RELATIVE]: "/v2/credentials/hidden-id" }));
    expect(brief(findings)[0]).toBe(`ok ${RELATIVE}: set, 25 characters`);
    expect(brief(findings)[1]).toBe(`note ${FULL}: not set`);
    expect(JSON.stringify(findings)).not.toContain("hidden");
  });

  it.each([
    [{ [RELATIVE]: "" }, "note", RELATIVE],
    [{ [RELATIVE]: "$X" }, "fix", RELATIVE],
    [{ [RELATIVE]: "/a", [FULL]: "http://127.0.0.1/b" }, "note", FULL],
    [{ AWS_ACCESS_KEY_ID: "AKIA" }, "note", "AWS_ACCESS_KEY_ID"],
    [{ AWS_PROFILE: "x" }, "note", "AWS_PROFILE"],
  ])("%j: %s", (env, level, subject) => {
    expect(lookAtVariables(at(env))).toContainEqual(expect.objectContaining({ level, subject }));
  });
});

describe("a name that is misspelt", () => {
  it.each([
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URL", RELATIVE],
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI_", RELATIVE],
    ["aws_container_credentials_relative_uri", RELATIVE],
    ["AWS_CONTAINER_CREDENTIAL_FULL_URI", FULL],
  ])("%s is noticed", (name, meant) => {
    const found = lookAtVariables(at({ [name]: "/x" })).find(({ subject }) => subject === name);
    expect(found).toMatchObject({ level: "note", fix: `Did you mean ${meant}?` });
  });
});

describe("keys in the environment", () => {
  const fixOf = (env: Record<string, string>) =>
    lookAtVariables(at(env)).find(({ subject }) => subject === "AWS_ACCESS_KEY_ID")?.fix;

  it("are to go where an endpoint is there, and to stay where they are all there is", () => {
    expect(fixOf({ AWS_ACCESS_KEY_ID: "AKIA", [RELATIVE]: "/a" })).toContain("unset AWS_ACCESS_KEY_ID");
    expect(fixOf({ AWS_ACCESS_KEY_ID: "AKIA" })).toBe(
      "No command takes it without AWS_SECRET_ACCESS_KEY: set both.",
    );
    expect(fixOf({ AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s" })).toMatch(/^It serves cp/);
  });

  it("an id without its secret access key is said to be of use only where it is", () => {
    const fixWith = (...names: string[]) => {
      const secrets = temporaryFolder();
      for (const name of names) writeFileSync(secrets.at(name), "value");
      const found = lookAtVariables(at({ AWS_ACCESS_KEY_ID: "AKIA" }, secrets.path));
      secrets.remove();
      return found.find(({ subject }) => subject === "AWS_ACCESS_KEY_ID");
    };
    expect(fixWith()?.found).toMatch(/^set without AWS_SECRET_ACCESS_KEY: the AWS CLI fails/);
    expect(fixWith("AWS_ACCESS_KEY_ID")?.fix).toMatch(/^No command takes it without AWS_SECRET_ACCESS_KEY/);
    expect(fixWith("AWS_SECRET_ACCESS_KEY")?.fix).toMatch(/^cp, sync and ls take it with the secret/);
    expect(fixWith("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")?.fix).toMatch(
      /^No command takes it: cp, sync and ls take the pair in the secrets/,
    );
  });

  it("nothing is claimed to be taken by cp that it does not take", () => {
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: "/token" };
    const found = lookAtVariables(at(env)).find(({ subject }) => subject in env);
    expect(found?.fix).toContain("cp, sync and ls use it");
  });
});

describe("lookAtSecrets", () => {
  const at = (name: string) => {
    mkdirSync(folder.at(name));
    return folder.at(name);
  };

  it("says when none is mounted", () => {
    expect(brief(lookAtSecrets({ secretsFolder: folder.at("absent") }))).toEqual([
      `note ${folder.at("absent")}: not there: no secret is mounted in this step`,
    ]);
    expect(lookAtSecrets({ secretsFolder: at("none") })[0]?.found).toContain("has none");
  });

  it("knows good, empty, quoted and misspelt ones", () => {
    const secretsFolder = at("secrets");
    writeFileSync(`${secretsFolder}/${RELATIVE}`, '"/v2/x"\n');
    writeFileSync(`${secretsFolder}/${FULL}`, "\n");
    writeFileSync(`${secretsFolder}/AWS_CONTAINER_AUTHORIZATION_TOKEN`, "a-token-of-its-own\r\n", {
      mode: 0o400,
    });
    writeFileSync(`${secretsFolder}/AWS_CONTAINER_CREDENTIALS_RELATIV_URI`, "x");
    mkdirSync(`${secretsFolder}/aws-credentials`);
    expect(brief(lookAtSecrets({ secretsFolder }))).toEqual([
      "ok secret AWS_CONTAINER_AUTHORIZATION_TOKEN: 20 bytes, mode 0400",
      `note secret ${FULL}: is empty: counts as not there`,
      `fix secret ${RELATIVE}: has quotes around it`,
      "fix secret aws-credentials: is not a small file",
      "note secret AWS_CONTAINER_CREDENTIALS_RELATIV_URI: has a name that is not read",
    ]);
  });
});

describe("lookAtSurroundings", () => {
  const look = async (env: Record<string, string>) =>
    brief(await lookAtSurroundings({ env, nodeVersion: "v22.0.0", secretsFolder: "/nonexistent" }, {}));

  it.each([
    [{}, "note region: neither"],
    [{ AWS_REGION: "eu-west-1" }, "ok region: eu-west-1 (AWS_REGION)"],
    [{ AWS_DEFAULT_REGION: "eu-west-1" }, "ok region: eu-west-1 (AWS_DEFAULT_REGION)"],
    [
      { AWS_REGION: "a", AWS_DEFAULT_REGION: "b" },
      "note region: AWS_REGION says a, AWS_DEFAULT_REGION says b",
    ],
    [{ AWS_REGION: "$AWS_REGION" }, "fix AWS_REGION: is a variable's name"],
    [{ AWS_REGION: "Frankfurt!" }, "fix AWS_REGION: is not a valid region"],
    [{ HTTPS_PROXY: "http://u:p@x" }, "note proxies: HTTPS_PROXY set"],
  ])("%j", async (env, expected) => {
    const lines = await look(env);
    expect(lines[0]).toBe("ok Node.js: v22.0.0");
    expect(
      lines.some((line) => line.startsWith(expected)),
      lines.join("\n"),
    ).toBe(true);
    expect(lines.join()).not.toContain("u:p");
  });
});

describe("routeTo", () => {
  it("looks a route up without sending anything", async () => {
    expect(await routeTo("http://127.0.0.1:80")).toEqual({ from: "127.0.0.1" });
    expect(await routeTo("https://name.example")).toBeUndefined();
  });

  const alone = ["-rn", process.execPath, "--import", "tsx", "-e"];
  it.skipIf(spawnSync("unshare", ["-rn", "true"]).status !== 0)("sees that there is none", () => {
    const module = new URL("../../../src/doctor/route.ts", import.meta.url);
    const script = `import(${JSON.stringify(module)}).then(async ({ routeTo }) => console.log(JSON.stringify(await routeTo("http://169.254.170.2"))))`;
    const { stdout } = spawnSync("unshare", [...alone, script], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual({ error: "ENETUNREACH" });
  });
});

describe("askSource", () => {
  const NOW = Date.UTC(2026, 0, 1);
  const source: CredentialSource = {
    description: { kind: "credentials-file", name: "--credentials-file", place: "option", path: "/x" },
    fetch: () => Promise.reject(new Error("not asked here")),
  };
  const asked = async (answer: Partial<CredentialResponse["credentials"]>, date?: number) => {
    const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret", ...answer };
    const given = { credentials, ...(date === undefined ? {} : { date }) };
    return brief((await askSource(source, async () => given, { now: () => NOW })).findings);
  };
  const expiring = (ms: number) => ({ expiration: { epochMs: NOW + ms, text: "then" } });

  it("tells role, account, life and clock", async () => {
    const role = { roleArn: "arn:aws:iam::1:role/x", accountId: "1" };
    expect(await asked({ ...role, ...expiring(3_600_000) }, NOW + 999)).toEqual([
      "ok answer: after 0 ms",
      "ok role: arn:aws:iam::1:role/x",
      "ok account: 1",
      "ok life: 60 min left, until then",
      "ok clock: agrees with the endpoint's",
    ]);
  });

  it.each([
    [expiring(300_000), undefined, "note life: 5 min left"],
    [{}, undefined, "note life: the source does not say"],
    [{}, NOW - 60_000, "note clock: 60 s ahead of"],
    [{}, NOW + 3_600_000, "fix clock: 60 min behind"],
    [{}, NOW - 10_000, "ok clock: 10 s ahead of"],
  ])("%j, %s: %s", async (answer, date, expected) => {
    expect((await asked(answer, date)).some((line) => line.startsWith(expected))).toBe(true);
  });

  it("turns a failure into a finding, and leaves a bug a bug", async () => {
    const fail = (error: Error) => askSource(source, () => Promise.reject(error), { now: () => NOW });
    const failure = new Failure("x", { message: "refused", hint: "open it", exitCode: 254 });
    expect((await fail(failure)).findings).toEqual([
      { level: "fix", subject: "answer", found: "refused", fix: "open it", id: "x" },
    ]);
    await expect(fail(new TypeError("bug"))).rejects.toThrow("bug");
  });

  it("says from where a route leads there", async () => {
    const near = { ...source, description: { ...source.description, address: "http://127.0.0.1:1" } };
    const { findings } = await askSource(
      near,
      async () => ({ credentials: { accessKeyId: "a", secretAccessKey: "b" } }),
      {
        now: () => NOW,
      },
    );
    expect(brief(findings)[0]).toBe("ok route: http://127.0.0.1:1 has a route, from 127.0.0.1");
  });
});

describe("lookAtBucket", () => {
  const denied = new Failure("s3-access-denied", { message: "AccessDenied", hint: "ask", exitCode: 254 });
  const gone = new Failure("s3-unreachable", { message: "no response", exitCode: 255 });
  const store = (keys: string[], { list = true, head = true, why = denied } = {}) => ({
    async *list() {
      if (!list) throw why;
      yield { objects: keys.map((key) => ({ key, size: 3, lastModified: 0 })), prefixes: [] };
    },
    head: async ({ key }: { key: string }) => {
      if (!head) throw denied;
      return { size: key.length, headers: {} };
    },
  });

  it.each([
    [store(["a/b"]), "a/", ["ok list: s3://bucket/a/ may be listed", "ok read: s3://bucket/a/b, 3 bytes"]],
    [store(["a"]), "a", ["ok list: s3://bucket/a may be listed", "ok read: s3://bucket/a, 1 bytes"]],
    [
      store([]),
      "",
      [
        "note list: s3://bucket/ may be listed, and nothing is there",
        "note read: nothing to read below s3://bucket/",
      ],
    ],
    // Who may get the one object needs nothing else.
    [
      store([], { list: false }),
      "a",
      ["note list: s3://bucket/a may not be listed", "ok read: s3://bucket/a, 1 bytes"],
    ],
    [store([], { list: false }), "a/", ["fix list: AccessDenied"]],
    [
      store([], { list: false, why: gone }),
      "a",
      ["fix list: no response", "ok read: s3://bucket/a, 1 bytes"],
    ],
    // One cause, told once.
    [store([], { list: false, head: false }), "a", ["note list: AccessDenied", "fix read: AccessDenied"]],
    [
      store([], { list: false, head: false, why: gone }),
      "a",
      ["fix list: no response", "fix read: AccessDenied"],
    ],
    [store(["a"], { head: false }), "a", ["ok list: s3://bucket/a may be listed", "fix read: AccessDenied"]],
  ])("%#", async (fake, key, expected) => {
    expect(brief(await lookAtBucket(fake, { bucket: "bucket", key }))).toEqual(expected);
  });
});

describe("eachCauseOnce", () => {
  const fix = (subject: string, found = "", id?: string): Finding => ({
    level: "fix",
    subject,
    found,
    fix: "do",
    ...(id === undefined ? {} : { id }),
  });
  const levels = (...findings: Finding[]) => eachCauseOnce(findings).map(({ level }) => level);

  it.each([
    [fix(FULL, "has quotes"), fix("source", `${FULL} is neither`, "uri-malformed")],
    [fix(`secret ${RELATIVE}`, "may not be read"), fix("source", `cannot read the secret /s/${RELATIVE}`)],
    [fix("secret AWS_REGION", "has a line break"), fix("secret AWS_REGION", "is not a valid region")],
    [fix("AWS_REGION", "is not valid"), fix("answer", "the region 'x' of AWS_REGION is not", "bad-region")],
    [fix("route", "no way"), fix("answer", "cannot be reached", "endpoint-unreachable")],
    [fix("session", "no token"), fix("read", "InvalidToken", "s3-signature")],
    [fix("clock", "an hour behind"), fix("read", "RequestTimeTooSkewed", "s3-clock")],
    [fix("list", "one", "s3-no-such-bucket"), fix("read", "two", "s3-no-such-bucket")],
  ])("counts a cause and what follows from it once: %#", (cause, consequence) => {
    expect(levels(cause, consequence)).toEqual(["fix", "note"]);
    expect(eachCauseOnce([cause, consequence])[1]?.fix).toBe(`See ${cause.subject} above.`);
    expect(levels(consequence)).toEqual(["fix"]);
    expect(levels({ ...cause, level: "note" }, consequence)).toEqual(["note", "fix"]);
  });

  it.each([
    [fix("AWS_REGION", "is not valid"), fix("AWS_DEFAULT_REGION", "is not valid")],
    [fix("route", "no way"), fix("read", "AccessDenied", "s3-access-denied")],
    [fix("clock", "an hour behind"), fix("list", "NoSuchBucket", "s3-no-such-bucket")],
  ])("counts two causes twice: %#", (one, other) => {
    expect(levels(one, other)).toEqual(["fix", "fix"]);
  });
});

describe("the report", () => {
  const findings = [
    { level: "ok", subject: "a", found: "fine" },
    { level: "note", subject: "b", found: "odd\u001b[31m" },
    { level: "fix", subject: "c", found: "wrong", fix: "do this\nand that" },
  ] as const;

  it("has each fix below its finding, and ends with the count", () => {
    expect(reportText(findings, (_, text) => text)).toBe(
      "ok    a: fine\nnote  b: odd\\x1b[31m\nFIX   c: wrong\n      do this\n      and that\n\nOne thing to fix.\n",
    );
    expect(reportText([], (_, text) => text)).toBe("\nNothing to fix.\n");
  });

  it("is one object with --json", () => {
    expect(JSON.parse(reportJson(findings))).toEqual({
      ok: false,
      findings: [
        { level: "ok", subject: "a", found: "fine", fix: null, id: null },
        { level: "note", subject: "b", found: "odd\u001b[31m", fix: null, id: null },
        { level: "fix", subject: "c", found: "wrong", fix: "do this\nand that", id: null },
      ],
    });
    expect(needsFixing(findings.slice(0, 2))).toBe(false);
  });
});
