import { describe, expect, it } from "vitest";
import {
  hidesError,
  isDigestRefused,
  isPreconditionFailed,
  ServerError,
} from "../../../src/aws/server-error.js";
import { isCleanRefusal, judge, leavesDoubt, type Verdict } from "../../../src/aws/verdict.js";
import { NoResponse } from "../../../src/http/no-response.js";

const answered = (status: number, code?: string, headers: Record<string, string> = {}) =>
  new ServerError(
    { status, headers, body: Buffer.from(code === undefined ? "" : `<Error><Code>${code}</Code></Error>`) },
    "PutObject",
  );

const broken = (code: string, begun = false) =>
  new NoResponse(Object.assign(new Error("broken"), { code }), begun);

const REGION = { "x-amz-bucket-region": "eu-west-1" };

describe("what is done about a response", () => {
  it.each<[ServerError, Verdict]>([
    [answered(200, "InternalError"), "retry"],
    [answered(299), "retry"],
    [answered(300), "final"],
    [answered(301), "elsewhere"],
    [answered(302), "elsewhere"],
    [answered(304), "final"],
    [answered(307, "TemporaryRedirect"), "elsewhere"],
    [answered(308), "elsewhere"],
    [answered(400), "final"],
    // A response to HEAD has no body: where it names a region, the request went to another one.
    [answered(400, undefined, REGION), "elsewhere"],
    [answered(400, "InvalidRequest", REGION), "final"],
    [answered(403, undefined, REGION), "final"],
    [answered(400, "AuthorizationHeaderMalformed"), "elsewhere"],
    [answered(400, "ExpiredToken"), "expired"],
    [answered(403, "RequestExpired"), "expired"],
    [answered(403, "RequestTimeTooSkewed"), "skewed"],
    [answered(403, "AccessDenied"), "final"],
    [answered(404, "NoSuchKey"), "final"],
    [answered(400, "RequestTimeout"), "retry"],
    [answered(400, "BadDigest"), "retry"],
    [answered(409, "OperationAborted"), "retry"],
    [answered(408), "retry"],
    [answered(429), "retry-slower"],
    [answered(429, "Odd"), "retry-slower"],
    [answered(400, "Throttling"), "retry-slower"],
    [answered(500), "retry"],
    [answered(501, "NotImplemented"), "final"],
    [answered(502), "retry"],
    [answered(503), "retry-slower"],
    [answered(503, "Odd"), "retry-slower"],
    [answered(503, "SlowDown"), "retry-slower"],
    [answered(504), "retry"],
    [answered(505), "final"],
  ])("%o: %s", (error, verdict) => expect(judge(error)).toBe(verdict));

  it.each<[string, Verdict]>([
    ["SlowDown", "retry-slower"],
    ["InternalError", "retry"],
    ["ExpiredToken", "expired"],
    ["PermanentRedirect", "elsewhere"],
  ])("is told by the whole code %s: %s", (code, verdict) => {
    expect(judge(answered(400, code))).toBe(verdict);
    for (const other of [`Not${code}`, `${code}Not`])
      expect(judge(answered(400, other)), other).toBe("final");
  });

  it("or about none, or anything else that is thrown", () => {
    expect(judge(broken("ECONNRESET"))).toBe("retry");
    expect(judge(broken("ECONNRESET", true)), "the sink has seen some of it").toBe("final");
    for (const code of ["ENOTFOUND", "ERR_TLS_CERT_ALTNAME_INVALID", "CERT_HAS_EXPIRED", "ERR_PROXY_REFUSED"])
      expect(judge(broken(code)), code).toBe("final");
    for (const code of ["NOT_ENOTFOUND", "ENOTFOUND_NOT"]) expect(judge(broken(code)), code).toBe("retry");
    expect(judge(new NoResponse(new Error("no code"), false))).toBe("retry");
    expect(judge(new Error("a bug"))).toBe("final");
  });
});

describe("whether a try that failed may have been done all the same", () => {
  it.each([
    [answered(200), true],
    [answered(299), true],
    [answered(300), false],
    [answered(412), false],
    [answered(499), false],
    [answered(500), true],
    [answered(503, "SlowDown"), true],
    [broken("ECONNRESET"), true],
    [broken("ERR_SILENT"), true],
    [new NoResponse(new Error("no code"), false), true],
    [broken("ECONNREFUSED"), false],
    [broken("NOT_ECONNREFUSED"), true],
    [broken("ECONNREFUSED_NOT"), true],
    [broken("ERR_CONNECT_TIMEOUT"), false],
    [broken("ERR_PROXY_BUSY"), false],
    [new Error("a bug"), false],
  ])("%o: %s", (error, doubt) => expect(leavesDoubt(error)).toBe(doubt));

  it.each([
    [answered(503, "SlowDown"), true],
    [answered(503), false],
    [answered(501), true],
    [answered(501, "NotImplemented"), true],
    [answered(400, "XNotImplemented"), true],
    [answered(400, "NotImplemented"), true],
    [answered(400, "YXNotImplemented"), false],
    [answered(400, "NotImplementedX"), false],
    [answered(500, "InternalError"), false],
    [broken("ECONNRESET"), false],
  ])("%o says that nothing was done: %s", (error, isClean) => expect(isCleanRefusal(error)).toBe(isClean));
});

describe("an error of S3's", () => {
  it("is that of a condition by its status or its code", () => {
    const errors = [answered(412), answered(200, "PreconditionFailed"), answered(409), new Error("412")];
    expect(errors.map(isPreconditionFailed)).toEqual([true, true, false, false]);
  });

  it("is that of a digest by its code", () => {
    const codes = ["BadDigest", "BadDigests", "NotBadDigest"].map((code) => answered(400, code));
    const errors = [...codes, new Error("BadDigest")];
    expect(errors.map(isDigestRefused)).toEqual([true, false, false, false]);
  });

  it.each([
    ["<Error/>", true],
    ["<ErrorResponse/>", true],
    ["<Errors/>", false],
    ["", false],
  ])("may stand under the status of a success: %j, %s", (body, hides) => {
    expect(hidesError({ status: 200, headers: {}, body: Buffer.from(body) })).toBe(hides);
  });
});
