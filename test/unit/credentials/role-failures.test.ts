import { describe, expect, it } from "vitest";
import type { Caller } from "../../../src/credentials/credentials.js";
import { identityOf } from "../../../src/credentials/identity.js";
import { jsonKeys } from "../../../src/credentials/json-keys.js";
import {
  credentialSourceEmpty,
  roleSettingTooShort,
  signInNeeded,
  sourceProfileMissing,
} from "../../../src/credentials/profile-failures.js";
import { isExpiredToken } from "../../../src/credentials/role-failures.js";
import { unexpiredKeys } from "../../../src/credentials/role-keys.js";
import { Failure } from "../../../src/failure.js";

const ROLE = "arn:aws:iam::123456789012:role/deploy";

describe("keys that STS has given", () => {
  const now = Date.UTC(2026, 0, 1);
  const keysUntil = (epochMs?: number) => ({
    accessKeyId: "A",
    secretAccessKey: "S",
    ...(epochMs === undefined ? {} : { expiration: { epochMs, text: "END" } }),
  });
  const check = (end?: number) => unexpiredKeys(keysUntil(end), { roleArn: ROLE }, { now: () => now });

  it("are used until the moment of their end", () => {
    expect(check(now + 1).accessKeyId).toBe("A");
    expect(check().accessKeyId).toBe("A");
    expect(() => check(now)).toThrow(
      expect.objectContaining({
        id: "role-keys-expired",
        exitCode: 254,
        message: `STS gave keys for ${ROLE} that expired at END; the local clock says 2026-01-01T00:00:00.000Z`,
      }),
    );
  });

  it.each([
    [{ code: "ExpiredToken" }, true],
    [{ code: "ExpiredTokenException" }, true],
    [{ code: "AccessDenied" }, false],
    [{}, false],
    [undefined, false],
  ])("are asked for with fresh ones where STS says by %j that those had expired: %s", (cause, expected) => {
    expect(isExpiredToken(new Failure("x", { message: "m", exitCode: 254, cause }))).toBe(expected);
    expect(isExpiredToken(Object.assign(new Error("no Failure"), { cause }))).toBe(false);
  });
});

describe("whose keys they are", () => {
  const named = { roleArn: ROLE, accountId: "123456789012" };
  const session = "arn:aws:sts::210987654321:assumed-role/other/x";

  it("is STS's word where it was asked, and the source's where not", () => {
    expect(identityOf(named, undefined)).toEqual({ from: "source", ...named });
    expect(identityOf(named, { arn: session, account: "210987654321" } as Caller)).toEqual({
      from: "sts",
      roleArn: session,
      accountId: "210987654321",
    });
    const user = "arn:aws:iam::210987654321:user/bob";
    expect(identityOf(named, { arn: user, account: "210987654321" } as Caller)).toEqual({
      from: "sts",
      roleArn: undefined,
      accountId: "210987654321",
    });
  });
});

describe("what JSON says of keys", () => {
  it.each<[unknown, object]>([
    [{ AccessKeyId: "A", accessKeyId: "B" }, { accessKeyId: "A" }],
    [
      { accessKeyId: "B", secretAccessKey: "S" },
      { accessKeyId: "B", secretAccessKey: "S" },
    ],
    [{ Token: "T" }, { sessionToken: "T" }],
    [{ SessionToken: "S", Token: "T" }, { sessionToken: "S" }],
    [
      { RoleArn: "R", AccountId: "1" },
      { roleArn: "R", accountId: "1" },
    ],
    [{ RoleArn: "R", AssumedRoleUser: { Arn: "U" } }, { roleArn: "U" }],
    [{ AssumedRoleUser: null, accountId: "2" }, { accountId: "2" }],
    [{ Credentials: null, AccessKeyId: "A" }, { accessKeyId: "A" }],
    [{ Credentials: { AccessKeyId: "A" }, AccessKeyId: "B" }, { accessKeyId: "A" }],
    [{ Expiration: "2030" }, { expiration: "2030" }],
    [{ Expiration: "5" }, { expiration: "5" }],
    [{ expiration: 0 }, { expiration: "1970-01-01T00:00:00.000Z" }],
    [{ expiresAt: -1 }, { expiration: "1969-12-31T23:59:59.999Z" }],
    [{ Credentials: "x", AccessKeyId: "A" }, { accessKeyId: "A" }],
    // Beyond what a Date holds, or nearly.
    [{ expiration: 8.64e15 }, { expiration: 8.64e15 }],
    [{ expiration: 8.65e15 }, { expiration: 8.65e15 }],
    [{ expiration: -8.65e15 }, { expiration: -8.65e15 }],
    [null, {}],
    ["x", {}],
  ])("is found in %j", (json, found) => {
    const nothing = Object.fromEntries(Object.keys(jsonKeys({})).map((name) => [name, undefined]));
    expect(jsonKeys(json)).toEqual({ ...nothing, ...found });
  });
});

describe("a role of a profile that cannot be assumed says what to write", () => {
  it.each([
    ["role_arn", /^write role_arn = arn:aws:iam::/],
    ["external_id", /^write the external_id that the role's trust policy names, or none$/],
  ])("for %s", (setting, hint) => expect(roleSettingTooShort("f", setting, 2).hint).toMatch(hint));

  it("for a source_profile that does not exist", () => {
    expect(sourceProfileMissing("f", "bas", { names: ["base"] }).hint).toMatch(/^did you mean base\?/);
    expect(sourceProfileMissing("f", "bas", { names: [] }).hint).toMatch(/^write source_profile = NAME/);
  });

  it("for a credential_source that gives nothing", () => {
    expect(credentialSourceEmpty("f", "EcsContainer").hint).toMatch(/^neither AWS_CONTAINER_CREDENTIALS_REL/);
    expect(credentialSourceEmpty("f", "Environment").hint).toMatch(/^AWS_ACCESS_KEY_ID is neither/);
  });

  it.each([
    ["mfa_serial", "needs a code from an MFA device (mfa_serial)"],
    ["login_session", "signs in with aws login (login_session)"],
    ["sso_account_id", "signs in with SSO (sso_account_id)"],
  ])("for %s", (setting, words) =>
    expect(signInNeeded("f", "p", setting).message).toBe(`f ${words}, which is not supported here`),
  );
});
