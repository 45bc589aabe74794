import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { HEADER } from "../../../build/header.mjs";
import { roleRefused } from "../../../src/aws/assume-role-failures.js";
import { ServerError } from "../../../src/aws/server-error.js";
import { stsNoResponse } from "../../../src/aws/sts-failures.js";
import { webIdentityRefused } from "../../../src/aws/web-identity-failures.js";
import { missingOperand } from "../../../src/cli/failures.js";
import { badRoleArn } from "../../../src/commands/options/failures.js";
import { checkExpectations } from "../../../src/credentials/check-expectations.js";
import { noResponse, unusableResponse } from "../../../src/credentials/endpoint-failures.js";
import { errorResponse } from "../../../src/credentials/error-response.js";
import { uriMalformed } from "../../../src/credentials/failures.js";
import { profileMissing } from "../../../src/credentials/file-failures.js";
import {
  instanceCode,
  instanceStatus,
  instanceTrouble,
  noToken,
} from "../../../src/credentials/instance-failures.js";
import { noSource } from "../../../src/credentials/no-source-failure.js";
import {
  processExpired,
  processFailed,
  processInterrupted,
  processLoop,
  processTimeout,
} from "../../../src/credentials/process-failures.js";
import { signInNeeded } from "../../../src/credentials/profile-failures.js";
import { parseResponse } from "../../../src/credentials/response.js";
import type { Trouble } from "../../../src/credentials/trouble.js";
import { Failure } from "../../../src/failure.js";
import { NoResponse } from "../../../src/http/no-response.js";
import { Notice, type SkipReason } from "../../../src/output/notice.js";
import { profileMissing as namedProfileMissing } from "../../../src/profiles/failures.js";
import { asFailure, LIST_EXIT } from "../../../src/s3/failures.js";
import { localFailure } from "../../../src/s3/local-failures.js";
import { missingBucket } from "../../../src/s3/locations/failures.js";
import { skipping, throughLink } from "../../../src/s3/plan/notices.js";
import { folderRefused } from "../../../src/s3/tree/failures.js";
import { tableOf } from "../all-verbs.js";
import { MAKERS, OLD_NODE } from "./message-ids.js";

/** Stands for whatever a message is told. */
const ANY = "…";

/** A text that is also whatever else a maker of failures takes. */
const anything = () =>
  Object.assign(new String(ANY), {
    name: ANY,
    place: "environment",
    value: ANY,
    message: ANY,
    description: { name: ANY, place: "environment" },
    endpoint: { scheme: "http", host: ANY, port: 80, target: ANY },
    operands: { names: [ANY, ANY] },
    synopsis: ANY,
    join: () => ANY,
    // For the makers that say a time.
    valueOf: () => 0,
  });

/** Every exported maker, called with no matter what, and every reason that stands there; those that need more are below. */
async function byMakers(): Promise<unknown[]> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => MAKERS.test(file));
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map((file) => import(resolve(join("src", file)))),
  );
  const exported = modules.flatMap((module) => Object.values(module)).filter((value) => value !== Failure);
  return exported.map((value) => {
    if (typeof value !== "function") return value;
    try {
      return value(...Array.from({ length: 6 }, anything));
    } catch {
      return undefined;
    }
  });
}

const ASKED = {
  description: { kind: "container", name: ANY, place: "environment" },
  endpoint: { scheme: "http", host: ANY, port: 80, target: "/" },
  full: false,
} as const;

const TROUBLES: Readonly<Record<Trouble["reason"], true>> = {
  refused: true,
  unreachable: true,
  "connect-timeout": true,
  silent: true,
  stalled: true,
  reset: true,
  truncated: true,
  malformed: true,
  "too-large": true,
  certificate: true,
  other: true,
};

function thrown(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What is said of the body of a 200. */
function faultOf(body: string): string {
  const parsed = parseResponse(Buffer.from(body));
  return "fault" in parsed ? parsed.fault : "";
}

/** What the instance metadata service answers, or does not. */
function ofInstances(): unknown[] {
  const answer = (status: number, isToken: boolean) =>
    instanceStatus(ASKED, { status, headers: {}, body: Buffer.alloc(0) } as never, isToken);
  return [
    ...[302, 400, 401, 403, 404, 429, 503].map((status) => answer(status, false)),
    ...[404, 405].map((status) => answer(status, true)),
    ...[true, false].map((isSilent) => noToken(ASKED, isSilent)),
    ...(["refused", "unreachable"] as const).map((reason) => instanceTrouble(ASKED, { reason }, undefined)),
    instanceCode(ASKED, ANY, ANY),
  ];
}

/** How a credential_process ends. */
function ofProcesses(): unknown[] {
  return [
    processFailed(ANY, 1, ""),
    processFailed(ANY, 1, ANY),
    processFailed(ANY, "SIGKILL", ""),
    processLoop(ANY),
    processFailed(ANY, 1, `fetch-creds: ${processLoop(ANY).message}`),
    processTimeout(ANY, 1000),
    processExpired(ANY, ANY, 0),
    processInterrupted(ANY, "SIGTERM", 143),
  ];
}

/** What the source of credentials answers, or does not. */
function ofSources(): unknown[] {
  const answer = (status: number, body = "") =>
    errorResponse(ASKED, { status, headers: new Map(), body: Buffer.from(body) } as never);
  const keys = { accessKeyId: ANY, secretAccessKey: ANY, sessionToken: ANY };
  return [
    ...Object.keys(TROUBLES).map((reason) => noResponse(ASKED, { reason: reason as Trouble["reason"] })),
    ...["", "x", "[]", "<html>"].map((body) =>
      unusableResponse("answer-not-json", ASKED, faultOf(body), ANY),
    ),
    ...["{}", '{"AccessKeyId":"a"}', '{"AccessKeyId":"a","SecretAccessKey":"b","Expiration":"x"}'].map(
      (body) => unusableResponse("answer-field", ASKED, faultOf(body), ANY),
    ),
    unusableResponse("answer-encoded", ASKED, "its body is compressed, which was not asked for", ANY),
    ...[302, 400, 401, 403, 404, 407, 418, 429, 500, 503, 511].map((status) => answer(status)),
    answer(200, "<html>"),
    thrown(() => checkExpectations(keys, { role: ANY }, 0)),
    thrown(() => checkExpectations(keys, { account: ANY }, 0)),
    thrown(() => checkExpectations(keys, { minTtlMs: 1 }, 0)),
    stsNoResponse("GetCallerIdentity", ANY, "SELF_SIGNED_CERT_IN_CHAIN", undefined),
    thrown(() => checkExpectations(keys, { role: ANY }, 0, STS_SAYS)),
    thrown(() => checkExpectations(keys, { account: ANY }, 0, STS_SAYS)),
    noSource("role", { env: {}, secretsFolder: "/nonexistent", scriptPath: ANY }),
    noSource("s3", { env: {}, secretsFolder: "/nonexistent", scriptPath: ANY }),
    profileMissing(ANY, ANY, []),
    ...["mfa_serial", "login_session"].map((setting) => signInNeeded(ANY, ANY, setting)),
    namedProfileMissing({ name: ANY, namedBy: "--profile" }, { names: [] }),
    uriMalformed({ name: ANY, place: "environment", value: "/v2" }),
  ];
}

const STS_SAYS = { source: ANY, caller: { arn: ANY, account: "-", userId: ANY } };

const S3_CODES = [
  ...["NoSuchBucket", "NoSuchKey", "NoSuchVersion", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken"],
  ...["SignatureDoesNotMatch", "RequestTimeTooSkewed", "InvalidObjectState", "PermanentRedirect"],
  ...["AuthorizationHeaderMalformed", "SlowDown", "ServiceUnavailable", "KMS.DisabledException"],
  ...["BadDigest", "NoSuchUpload", "AccessDenied", "Forbidden", ANY],
];

/** What STS says of a role. */
function ofRoles(): unknown[] {
  const error = (code: string, message = ANY) => {
    const body = `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
    return new ServerError({ status: 403, headers: {}, body: Buffer.from(body) } as never, ANY);
  };
  const role = { roleArn: ANY, from: ANY };
  const asking = { role, caller: ANY, words: ANY };
  const exchange = { role, tokenFile: ANY, token: ANY };
  const codes = ["AccessDenied", "ExpiredTokenException", "InvalidIdentityToken", "IDPRejectedClaim"];
  return [
    roleRefused(asking, ANY, error("AccessDenied")),
    roleRefused({ ...asking, caller: undefined }, ANY, error("AccessDenied")),
    ...["role chaining", "MaxSessionDuration", ANY].map((message) =>
      roleRefused(asking, ANY, error("ValidationError", message)),
    ),
    ...[...codes, "IDPCommunicationError", ANY].map((code) => webIdentityRefused(exchange, ANY, error(code))),
  ];
}

/** What the operands of a verb with two may lack. */
function ofOperands(): unknown[] {
  const cp = tableOf("cp");
  return [
    badRoleArn(""),
    missingOperand(cp, []),
    missingOperand(cp, [ANY]),
    missingBucket(`https:${ANY}`, undefined),
  ];
}

/** What S3 and the file system answer. */
function ofCopies(): unknown[] {
  const server = (code: string) =>
    asFailure(
      new ServerError(
        { status: 400, headers: {}, body: Buffer.from(`<Error><Code>${code}</Code></Error>`) } as never,
        ANY,
      ),
      LIST_EXIT,
    );
  const codes = [
    "ENOSPC",
    "EACCES",
    "ENOENT",
    "EISDIR",
    "ENAMETOOLONG",
    "EMFILE",
    "ERR_FOLDER_OF_OTHERS",
    "EIO",
  ];
  return [
    ...S3_CODES.map(server),
    asFailure(new ServerError({ status: 200, headers: {}, body: Buffer.alloc(0) }, ANY), LIST_EXIT),
    ...["ECONNREFUSED", "SELF_SIGNED_CERT_IN_CHAIN"].map((code) =>
      asFailure(new NoResponse(Object.assign(new Error(ANY), { code }), false), LIST_EXIT),
    ),
    ...codes.map((code) =>
      localFailure("write", ANY, Object.assign(new Error(ANY), { code, syscall: "open" })),
    ),
    folderRefused(ANY, false),
    throughLink(folderRefused(ANY, true).message),
  ];
}

function isSkipReason(made: unknown): made is SkipReason {
  return typeof made === "object" && made !== null && "text" in made && /[a-z]/.test(String(made.text));
}

/** Every message, by its id, as it is printed; `…` stands for what it is told. */
export async function printedMessages(): Promise<Map<string, Set<string>>> {
  const messages = new Map<string, Set<string>>();
  for (const made of [
    ...(await byMakers()),
    ...ofSources(),
    ...ofRoles(),
    ...ofInstances(),
    ...ofProcesses(),
    ...ofOperands(),
    ...ofCopies(),
  ]) {
    const said = isSkipReason(made) ? skipping(ANY, made) : made;
    // A maker that was given a text as an id has made nothing.
    if (!(said instanceof Failure || said instanceof Notice) || typeof said.id !== "string") continue;
    const known = messages.get(said.id) ?? new Set();
    messages.set(said.id, known.add(said.message));
  }
  return messages.set(OLD_NODE, new Set(HEADER.match(/(?<="fetch-creds: )[^"]+/) ?? []));
}
