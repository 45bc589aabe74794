import { describe, expect, it } from "vitest";
import { stsAt } from "../../../src/aws/assume-role.js";
import { concealed } from "../../../src/output/concealed.js";
import { answeringServer } from "../../support/answering-server.js";
import { rawServer } from "../../support/raw-server.js";
import { assumedRole, KEYS_OF_ROLE, ROLE, SESSION, stsErrorBody } from "../../support/sts-answers.js";
import { testContext } from "../../support/test-context.js";

const BASE = { accessKeyId: "ASIABASE", secretAccessKey: "S", sessionToken: "T" };
const REACHED = {
  caBundle: undefined,
  verifySsl: true,
  fips: false,
  dualStack: false,
  connectTimeoutMs: 10_000,
  readTimeoutMs: 20_000,
};
const ROLE_SESSION = { roleArn: ROLE, sessionName: "fetch-creds", from: "--role-arn" };
const TOKEN = `eyJh.${Buffer.from('{"iss":"https://token.actions.githubusercontent.com","aud":["api://x"],"sub":"repo:o/r:ref:refs/heads/main"}').toString("base64url")}.c~2`;

type Answers = readonly (readonly [status: number, body: string])[];

async function at(answers: Answers, region: string | undefined = "eu-west-1") {
  const { url, requests } = await answeringServer(...answers);
  return { sts: stsAt({ ...REACHED, region, endpointUrl: url }, testContext()), url, requests };
}

async function assume(answers: Answers, role: object = {}, base = BASE) {
  const { sts, url, requests } = await at(answers);
  const asked = sts.assumeRole(base, { ...ROLE_SESSION, ...role }, "AWS_X (secret file)");
  return { outcome: await asked.catch((error: unknown) => error), url, requests };
}

async function exchange(answers: Answers, token = TOKEN, roleArn = ROLE) {
  const { sts, url, requests } = await at(answers);
  const asked = sts.assumeRoleWithWebIdentity(
    token,
    { ...ROLE_SESSION, roleArn, from: "AWS_X" },
    "/run/secrets/token",
  );
  return { outcome: await asked.catch((error: unknown) => error), url, requests };
}

/** What AWS CLI 2.36 (its botocore) sends for these values, recorded. */
const OF_BOTOCORE = {
  assumeRole:
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fteam%2Fdeploy&RoleSessionName=me%2Byou%3Dx%2C%40a.b-c&ExternalId=a%2Fb%3Ac%2Cd%3De%2Bf%40g.h-i&DurationSeconds=3600",
  webIdentity:
    "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fteam%2Fdeploy&RoleSessionName=fetch-creds&WebIdentityToken=eyJh.eyJp_-Q.c~2%2Fln%2B%3D%3D",
};

const fields = (body: string) => Object.fromEntries(new URLSearchParams(body));

describe("AssumeRole", () => {
  const WHOLE = { sessionName: "me+you=x,@a.b-c", externalId: "a/b:c,d=e+f@g.h-i", durationSeconds: 3600 };

  it("sends what the AWS CLI sends, signed with the source's keys", async () => {
    const { requests, outcome } = await assume(
      [[200, assumedRole({ arn: SESSION.replace("/fetch-creds", "/me+you=x,@a.b-c") })]],
      WHOLE,
    );
    expect(outcome).not.toBeInstanceOf(Error);
    expect(fields(requests[0]?.body ?? "")).toEqual(fields(OF_BOTOCORE.assumeRole));
    expect(requests[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIABASE\/20260101\/eu-west-1\/sts\/aws4_request/,
      ),
      "x-amz-security-token": "T",
    });
  });

  it("sends neither external ID nor duration where none is given", async () => {
    const { requests } = await assume([[200, assumedRole()]]);
    expect(requests.map(({ body }) => fields(body))).toEqual([
      { Action: "AssumeRole", Version: "2011-06-15", RoleArn: ROLE, RoleSessionName: "fetch-creds" },
    ]);
  });

  it("gives the role's keys and says whose they are", async () => {
    const { outcome } = await assume([[200, assumedRole()]]);
    expect(outcome).toEqual({
      arn: SESSION,
      credentials: {
        accessKeyId: KEYS_OF_ROLE.AccessKeyId,
        secretAccessKey: KEYS_OF_ROLE.SecretAccessKey,
        sessionToken: KEYS_OF_ROLE.SessionToken,
        expiration: { epochMs: Date.UTC(2026, 0, 1, 1), text: KEYS_OF_ROLE.Expiration },
        roleArn: SESSION,
        accountId: "210987654321",
      },
    });
    expect(concealed("x role-secret y role-token")).toBe("x *** y ***");
  });

  it("takes the account of another store, which is not told as one of AWS's", async () => {
    const arn = "arn:aws:sts::RGW11111111111111111:assumed-role/deploy/fetch-creds";
    const { outcome } = await assume([[200, assumedRole({ arn })]], {
      roleArn: "arn:aws:iam::RGW11111111111111111:role/deploy",
    });
    expect(outcome).toMatchObject({ arn, credentials: { accessKeyId: KEYS_OF_ROLE.AccessKeyId } });
    expect(outcome).not.toHaveProperty("credentials.roleArn");
  });

  it("takes a session that is told with the path of its role, as Ceph does", async () => {
    const arn = SESSION.replace("assumed-role/", "assumed-role/team/");
    expect((await assume([[200, assumedRole({ arn })]])).outcome).toMatchObject({ arn });
  });

  const without = (name: string) => assumedRole({ keys: { [name]: undefined } });
  const twice = (name: keyof typeof KEYS_OF_ROLE) =>
    assumedRole().replace(`<${name}>`, `<${name}>${KEYS_OF_ROLE[name]}</${name}><${name}>`);

  it.each([
    ["no AccessKeyId", without("AccessKeyId")],
    ["no SecretAccessKey", without("SecretAccessKey")],
    ["no SessionToken", without("SessionToken")],
    ["no Expiration", without("Expiration")],
    ["an empty SessionToken", assumedRole({ keys: { SessionToken: "" } })],
    ["a line break in its AccessKeyId", assumedRole({ keys: { AccessKeyId: "ASIA&#10;X" } })],
    ["an Expiration without a zone", assumedRole({ keys: { Expiration: "2026-01-01T01:00:00" } })],
    ["an element in its SessionToken", assumedRole().replace("role-token", "role-token<b/>")],
    ["what was no UTF-8 in its SessionToken", assumedRole({ keys: { SessionToken: "role-\ufffd-token" } })],
    ["two AccessKeyIds", twice("AccessKeyId")],
    ["two SecretAccessKeys", twice("SecretAccessKey")],
    ["two sets of keys", assumedRole().replace("<Credentials>", "<Credentials/><Credentials>")],
    ["two results", assumedRole().replace("<AssumeRoleResult>", "<AssumeRoleResult/><AssumeRoleResult>")],
    ["the result of another action", assumedRole({ action: "AssumeRoleWithWebIdentity" })],
    ["no XML", "hello"],
    ["a page", "<html></html>"],
    ["nothing", ""],
    ["keys as JSON", JSON.stringify({ Credentials: KEYS_OF_ROLE })],
  ])("does not take keys from a response with %s", async (_what, body) => {
    const { outcome, requests, url } = await assume([[200, body]]);
    expect(outcome).toMatchObject({
      id: "sts-unreadable",
      exitCode: 254,
      message: `AssumeRole at ${url} answered 200, but without one each of AccessKeyId, SecretAccessKey, SessionToken, Expiration`,
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["another role", SESSION.replace("deploy", "admin")],
    ["a role of another path", SESSION.replace("assumed-role/", "assumed-role/other/")],
    ["another account", SESSION.replace("210987654321", "111111111111")],
    ["another partition", SESSION.replace("arn:aws:", "arn:aws-cn:")],
    ["another session", `${SESSION}-2`],
    ["no session", SESSION.replace("/fetch-creds", "")],
    ["a role in place of its session", ROLE],
    ["no ARN", "deploy"],
    ["nobody", ""],
  ])("does not take keys of %s", async (_what, arn) => {
    const { outcome } = await assume([[200, assumedRole({ arn })]]);
    expect(outcome).toMatchObject({
      id: "sts-unreadable",
      exitCode: 254,
      message: expect.stringContaining("but without the Arn of the role and session that were asked for"),
    });
  });

  it.each(["deploy", SESSION])("does not take keys for %s, which is no role's ARN", async (roleArn) => {
    const { outcome } = await assume([[200, assumedRole()]], { roleArn });
    expect(outcome).toMatchObject({ id: "sts-unreadable", exitCode: 254 });
  });

  it("does not take keys of two roles", async () => {
    const body = assumedRole().replace("</Arn>", "</Arn><Arn>arn:aws:sts::1:assumed-role/a/b</Arn>");
    expect((await assume([[200, body]])).outcome).toMatchObject({ id: "sts-unreadable" });
  });

  it.each([
    [503, ""],
    [500, stsErrorBody("InternalFailure", "x")],
    [400, stsErrorBody("Throttling", "Rate exceeded")],
    [429, ""],
  ])("is asked again after %i %s", async (status, body) => {
    const { outcome, requests } = await assume([
      [status, body],
      [200, assumedRole()],
    ]);
    expect(outcome).toMatchObject({ arn: SESSION });
    expect(requests).toHaveLength(2);
  });
});

describe("a response in a form of HTTP that two may read differently", () => {
  const GOOD = assumedRole();
  const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${lines.join("\r\n")}\r\n\r\n`;
  const LENGTH = `Content-Length: ${Buffer.byteLength(GOOD)}`;

  it.each([
    ["good", head(LENGTH) + GOOD, undefined],
    ["without CR", `HTTP/1.1 200 OK\n${LENGTH}\n\n${GOOD}`, "a line that ends without CR"],
    ["a folded header", `${head("X: y\r\n z", LENGTH)}${GOOD}`, "a malformed header"],
    ["two lengths", `${head("Content-Length: 5", "Content-Length: 5")}hello`, "an unclear length"],
  ])("%s", async (_form, answer, fault) => {
    const raw = await rawServer((_, socket) => void socket.end(answer));
    const options = { ...REACHED, region: "eu-west-1", endpointUrl: raw.url };
    const asked = stsAt(options, testContext()).assumeRole(BASE, ROLE_SESSION, "x");
    if (fault === undefined) expect(await asked).toMatchObject({ arn: SESSION });
    else
      await expect(asked).rejects.toMatchObject({
        id: "sts-no-answer",
        exitCode: 255,
        message: `AssumeRole at ${raw.url} failed: the response is not valid HTTP: ${fault}`,
      });
    expect(raw.requests).toHaveLength(fault === undefined ? 1 : 5);
  });

  it("cut off in the middle of the keys is asked for again", async () => {
    const whole = head(LENGTH) + GOOD;
    const raw = await rawServer(
      (_, socket) => void socket.end(raw.requests.length === 1 ? whole.slice(0, -120) : whole),
    );
    const options = { ...REACHED, region: "eu-west-1", endpointUrl: raw.url };
    const asked = stsAt(options, testContext()).assumeRole(BASE, ROLE_SESSION, "x");
    expect(await asked).toMatchObject({ arn: SESSION });
    expect(raw.requests).toHaveLength(2);
  });

  it("as large as none is", async () => {
    const raw = await rawServer((_, socket) => void socket.end(head("Content-Length: 2000000")));
    const options = { ...REACHED, region: "eu-west-1", endpointUrl: raw.url };
    const asked = stsAt(options, testContext()).assumeRole(BASE, ROLE_SESSION, "x");
    await expect(asked).rejects.toMatchObject({ id: "sts-no-answer", exitCode: 255 });
  });
});

const CALLER = "arn:aws:sts::123456789012:assumed-role/codebuild-app/AWSCodeBuild-0a1b2c";
const DENIED = `User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`;
const TRUST = `the trust policy of ${ROLE} needs: {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/codebuild-app"},"Action":"sts:AssumeRole"}`;
const OWN = `and a policy of arn:aws:iam::123456789012:role/codebuild-app needs: {"Effect":"Allow","Resource":"${ROLE}","Action":"sts:AssumeRole"}`;
const PATH = " (with the role's path if it has one, as CodeBuild's usually do: role/service-role/NAME)";
const NO_ID =
  "no external ID was sent: if the trust policy has a condition on sts:ExternalId, add --external-id";

describe("AccessDenied to AssumeRole", () => {
  const denied = (message: string, role: object = {}, base: object = {}) =>
    assume([[403, stsErrorBody("AccessDenied", message)]], role, { ...BASE, ...base });

  it("says who may not assume what, and which lines of the two policies allow it", async () => {
    const { outcome, url, requests } = await denied(DENIED);
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({ id: "role-denied", exitCode: 254 });
    const { message, hint } = outcome as Error & { hint: string };
    expect(message).toMatch(
      `${CALLER} may not assume ${ROLE} (--role-arn): AssumeRole at ${url} answered 403: AccessDenied: User: `,
    );
    expect(hint.split("\n")).toEqual([`${TRUST}${PATH}`, OWN, NO_ID]);
  });

  it.each([
    [" because no identity-based policy allows the sts:AssumeRole action", [OWN, NO_ID]],
    [" because no resource-based policy allows the sts:AssumeRole action", [`${TRUST}${PATH}`, NO_ID]],
    [
      " with an explicit deny in a service control policy",
      ["an explicit deny in a service control policy forbids it: change that policy"],
    ],
    [" with an explicit deny in scp", ["an explicit deny in scp forbids it: change that policy"]],
    [" with an explicit deny in it", [`${TRUST}${PATH}`, OWN, NO_ID]],
    [
      ` with an explicit deny in ${"x".repeat(61)}`,
      [`an explicit deny in ${"x".repeat(60)} forbids it: change that policy`],
    ],
  ])("leaves out what STS rules out: %s", async (reason, lines) => {
    const { hint } = (await denied(DENIED + reason)).outcome as { hint: string };
    expect(hint.split("\n")).toEqual(lines);
  });

  it("takes the caller from the source where STS does not name it, with the path of its role", async () => {
    const roleArn = "arn:aws:iam::123456789012:role/service-role/codebuild-app";
    const { outcome } = await denied("", {}, { roleArn });
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/^arn:aws:iam::123456789012:role\/service-role\/codebuild-app may not/),
      hint: expect.stringContaining(`{"AWS":"${roleArn}"}`),
    });
    expect((outcome as { hint: string }).hint).not.toContain("if it has one");
  });

  it("says whose keys they are where nobody names the caller", async () => {
    expect((await denied("Access denied")).outcome).toMatchObject({
      message: expect.stringMatching(/^whoever has the keys of AWS_X \(secret file\) may not assume /),
      hint: expect.stringContaining("verify --sts shows whose keys these are"),
    });
  });

  it("a user's ARN is named as it is", async () => {
    const user = "arn:aws:iam::123456789012:user/ci/bot";
    const { outcome } = await denied(DENIED.replace(CALLER, user));
    expect((outcome as { hint: string }).hint).toContain(`"Principal":{"AWS":"${user}"},"Action"`);
  });

  it.each([
    ["r", "r"],
    ["x".repeat(512), "x".repeat(512)],
    ["x".repeat(513), "x".repeat(512)],
  ])("a caller's name has 1 to 512 characters: %s", async (name, read) => {
    const account = "arn:aws:iam::123456789012:";
    const { outcome } = await denied(DENIED.replace(CALLER, account + name));
    expect((outcome as { hint: string }).hint).toContain(`"Principal":{"AWS":"${account}${read}"},"Action"`);
  });

  it.each([
    [300, 300],
    [301, 300],
  ])("a caller of %i characters is shown by %i", async (length, shown) => {
    const user = "arn:aws:iam::123456789012:user/".padEnd(length, "x");
    const { outcome } = await denied(DENIED.replace(CALLER, user));
    const begin = user.slice(0, shown) + (shown < length ? "…" : "");
    expect((outcome as Error).message.split(" may not assume ")[0]).toBe(begin);
  });

  it("a caller of no reasonable length, and a secret in it, are not repeated", async () => {
    await assume([[200, assumedRole({ keys: { SecretAccessKey: "echoed-secret-key" } })]]);
    const { outcome } = await denied(
      `User: arn:aws:iam::123456789012:user/echoed-secret-key${"x".repeat(9000)} is not authorized`,
    );
    const { message, hint } = outcome as Error & { hint: string };
    expect(message.length + hint.length).toBeLessThan(4000);
    expect(message + hint).not.toContain("echoed-secret-key");
  });

  it("an external ID that was sent may be the wrong one, and is not printed", async () => {
    const { outcome } = await denied(DENIED, { externalId: "tenant-4711-x" });
    const { message, hint } = outcome as Error & { hint: string };
    expect(hint).toContain("the external ID must be the one in that trust policy's condition");
    expect(message + hint).not.toContain("4711");
  });

  it("names a profile's setting where the profile asked for the role", async () => {
    const { outcome } = await denied(DENIED, { from: "~/.aws/config, profile deploy" });
    expect(outcome).toMatchObject({
      message: expect.stringContaining(`${ROLE} (~/.aws/config, profile deploy): AssumeRole at `),
      hint: expect.stringContaining("add external_id"),
    });
  });
});

describe("other refusals of AssumeRole", () => {
  const CHAINING =
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
  const MAXIMUM = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";

  it.each([
    [
      "ValidationError",
      CHAINING,
      "--role-arn",
      "role-duration",
      "leave --duration out, or set it to one hour",
    ],
    ["ValidationError", CHAINING, "x, profile y", "role-duration", "leave duration_seconds out"],
    ["ValidationError", MAXIMUM, "--role-arn", "role-duration", "--role-name deploy --max-session-duration"],
    ["ValidationError", `${ROLE} is invalid`, "--role-arn", "sts-error", "Is the role's ARN right"],
    ["AccessDeniedException", "x", "--role-arn", "role-denied", "the trust policy of"],
    ["NotAccessDenied", "x", "--role-arn", "sts-error", "STS did not accept the keys"],
    ["AccessDeniedTwice", "x", "--role-arn", "sts-error", "STS did not accept the keys"],
    ["RegionDisabledException", "STS is not activated", "--role-arn", "sts-error", "not enabled STS in this"],
    ["ExpiredToken", "The security token is expired", "--role-arn", "sts-error", "the keys have expired"],
    ["InvalidClientTokenId", "The security token is invalid", "--role-arn", "sts-error", "another partition"],
    ["NoSuchEntity", "Not Found", "--role-arn", "sts-error", "no such role"],
    ["SignatureDoesNotMatch", "x", "--role-arn", "sts-error", "the local clock is wrong"],
  ])("%s: %s (%s) is %s", async (code, message, from, id, hint) => {
    const { outcome, requests } = await assume([[400, stsErrorBody(code, message)]], { from });
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({
      id,
      exitCode: 254,
      hint: expect.stringContaining(hint),
      message: expect.stringContaining(`answered 400: ${code}: ${message}`),
    });
  });
});

it("the maximum duration of a role without a name is told with a placeholder", async () => {
  const { outcome } = await assume([[400, stsErrorBody("ValidationError", "MaxSessionDuration")]], {
    roleArn: "deploy",
  });
  expect(outcome).toMatchObject({ hint: expect.stringContaining("--role-name NAME --max-session-duration") });
});

describe("AssumeRoleWithWebIdentity", () => {
  const action = "AssumeRoleWithWebIdentity";

  it("sends what the AWS CLI sends, unsigned", async () => {
    const { outcome, requests } = await exchange([[200, assumedRole({ action })]], "eyJh.eyJp_-Q.c~2/ln+==");
    expect(outcome).toMatchObject({ arn: SESSION, credentials: { roleArn: SESSION } });
    expect(requests[0]?.body).toBe(OF_BOTOCORE.webIdentity);
    const { headers } = requests[0] ?? { headers: {} };
    expect(Object.keys(headers).filter((name) => /^(authorization|x-amz-.*)$/.test(name))).toEqual([]);
  });

  const ISSUER = "https://token.actions.githubusercontent.com";
  it.each([
    [
      "ExpiredTokenException",
      "Token expired: current date/time",
      "web-identity-expired",
      "write a new token to the file",
    ],
    [
      "InvalidIdentityToken",
      "Incorrect token audience",
      "web-identity-token",
      "is for the audience api://x: request one",
    ],
    [
      "InvalidIdentityToken",
      `No OpenIDConnect provider found in your account for ${ISSUER}`,
      "web-identity-token",
      `create-open-id-connect-provider --url ${ISSUER} --client-id-list api://x`,
    ],
    [
      "InvalidIdentityToken",
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
      "web-identity-token",
      `STS must find the keys of ${ISSUER}`,
    ],
    [
      "InvalidIdentityToken",
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
      "web-identity-token",
      "not an access token",
    ],
    ["IDPRejectedClaim", "x", "web-identity-token", "no longer valid"],
    [
      "AccessDenied",
      "Not authorized to perform sts:AssumeRoleWithWebIdentity",
      "web-identity-denied",
      `{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::210987654321:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"api://x","token.actions.githubusercontent.com:sub":"repo:o/r:ref:refs/heads/main"}}}`,
    ],
    ["ValidationError", `${ROLE} is invalid`, "sts-error", "Is the role's ARN right"],
    ["ExceptionAccessDenied", "x", "sts-error", "STS did not accept the keys"],
  ])("%s: %s is %s", async (code, message, id, hint) => {
    const { outcome, requests } = await exchange([[400, stsErrorBody(code, message)]]);
    expect(requests).toHaveLength(1);
    expect(outcome).toMatchObject({ id, exitCode: 254, hint: expect.stringContaining(hint) });
    if (id !== "sts-error")
      expect(outcome).toMatchObject({
        message: expect.stringMatching(/^the token in \/run\/secrets\/token /),
      });
  });

  it("asks again where STS did not reach the provider in time, and then says so", async () => {
    const busy = [
      400,
      stsErrorBody("IDPCommunicationError", "The identity provider did not respond"),
    ] as const;
    const good = await exchange([busy, busy, [200, assumedRole({ action })]]);
    expect(good.outcome).toMatchObject({ arn: SESSION });
    expect(good.requests).toHaveLength(3);
    const bad = await exchange([busy]);
    expect(bad.outcome).toMatchObject({
      id: "web-identity-provider",
      hint: expect.stringContaining(`did not reach ${ISSUER} in five tries`),
    });
    expect(bad.requests).toHaveLength(5);
  });

  it.each([
    ["AccessDenied", "x", "oidc-provider/ISSUER"],
    ["IDPCommunicationError", "x", "STS did not reach the token's issuer in five tries"],
    [
      "InvalidIdentityToken",
      "Incorrect token audience",
      "is for the audience that its aud names: request one",
    ],
    [
      "InvalidIdentityToken",
      "No OpenIDConnect provider found",
      "no identity provider for the token's issuer:",
    ],
    ["InvalidIdentityToken", "No OpenIDConnect provider found", "--client-id-list sts.amazonaws.com"],
    ["InvalidIdentityToken", "No verification key", "STS must find the keys of the token's issuer:"],
  ])("has words for a token that says nothing: %s %s", async (code, message, hint) => {
    for (const token of ["opaque-token", `a.${Buffer.from("null").toString("base64url")}.c`]) {
      const { outcome } = await exchange([[400, stsErrorBody(code, message)]], token);
      expect(outcome).toMatchObject({ hint: expect.stringContaining(hint) });
    }
  });

  it.each([
    ["https://issuer.example/x", "issuer.example/x"],
    ["http://issuer.example", "issuer.example"],
    ["not-https://issuer.example", "not-https://issuer.example"],
  ])("names the provider of %s in IAM by %s", async (iss, provider) => {
    const token = `a.${Buffer.from(JSON.stringify({ iss })).toString("base64url")}.c`;
    const { outcome } = await exchange([[400, stsErrorBody("AccessDenied", "x")]], token, "deploy");
    expect(outcome).toMatchObject({
      hint: expect.stringContaining(`"arn:aws:iam::ACCOUNT:oidc-provider/${provider}"`),
    });
  });
});
