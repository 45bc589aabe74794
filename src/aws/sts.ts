import { createHash } from "node:crypto";
import type { Context } from "../context.js";
import type { Caller, Credentials } from "../credentials/credentials.js";
import { type Try, withRetries } from "../credentials/retries.js";
import { parseRoleArn } from "../credentials/role-name.js";
import { Cancellation } from "../http/cancellation.js";
import { causeCode, NoResponse } from "../http/no-response.js";
import { KEYS } from "../http/reading-rules.js";
import type { Response } from "../http/response.js";
import { Wire, type WireOptions } from "../http/wire.js";
import { dnsSuffix } from "./partition.js";
import { ServerError } from "./server-error.js";
import { Signer } from "./sign.js";
import { stsAnsweredError, stsContradiction, stsNoResponse, stsUnreadable } from "./sts-failures.js";
import { tracedRequest } from "./traced-request.js";
import { encodeKey } from "./uri-encode.js";
import { judge } from "./verdict.js";
import { childText, parseXml } from "./xml/parse.js";

/** How STS is reached: as S3 is, by the same options and variables. */
export interface StsOptions extends WireOptions {
  readonly region: string;
  readonly fips: boolean;
  /** `--endpoint-url-sts`; undefined: the region's own endpoint. */
  readonly endpointUrl?: string | undefined;
}

const BODY = Buffer.from("Action=GetCallerIdentity&Version=2011-06-15");

/** For all tries together, ms: a response that drips is cut off by it, too. */
const BUDGET = 60_000;

function signedHeaders(
  url: URL,
  region: string,
  credentials: Credentials,
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {
    host: url.host,
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "content-length": String(BODY.length),
    "x-amz-content-sha256": createHash("sha256").update(BODY).digest("hex"),
  };
  // Every service but S3 has the path encoded once more in what is signed.
  const signable = { method: "POST", path: encodeKey(url.pathname), query: "", headers };
  new Signer().sign(signable, { region, service: "sts" }, credentials, now);
  return headers;
}

function outOfTime(): NoResponse {
  return new NoResponse(Object.assign(new Error("no response in time"), { code: "ETIMEDOUT" }), false);
}

/** A caller's ARN, of a role's session, a user, the account itself, … with the account, which is not AWS's with other stores. */
const ARN = /^arn:aws[a-z-]*:(?:iam|sts)::([A-Za-z0-9]+):([!-~]+)$/;

/** Whether the ARN is one of this account. */
function isOf(account: string, arn: string): boolean {
  const [, named, resource = ""] = ARN.exec(arn) ?? [];
  return named === account && (!/^(?:assumed-)?role\//.test(resource) || parseRoleArn(arn) !== undefined);
}

/** The caller in STS's answer. What names nobody, two, or one of another account than it says, is not believed. */
function readCaller(origin: string, { body }: Response): Try<Caller> {
  const result = parseXml(body.toString("utf8"))?.children.filter(
    ({ name }) => name === "GetCallerIdentityResult",
  );
  const [arn, account, userId] = ["Arn", "Account", "UserId"].map((name) => childText(result?.[0], name));
  if (!arn || !account || !userId) return { failure: stsUnreadable(origin), again: false };
  const names = result?.flatMap(({ children }) => children.map(({ name }) => name)) ?? [];
  return new Set(names).size === names.length && isOf(account, arn)
    ? { value: { arn, account, userId } }
    : { failure: stsContradiction(origin), again: false };
}

/** What a failed try means: the same judgement as for S3. */
function failedTry(origin: string, error: unknown): Try<Caller> {
  const verdict = judge(error);
  const again = verdict === "retry" || verdict === "retry-slower";
  if (error instanceof ServerError) return { failure: stsAnsweredError(origin, error), again };
  if (error instanceof NoResponse) return { failure: stsNoResponse(origin, causeCode(error), error), again };
  // A CA bundle or a proxy that cannot be used: a Failure already.
  throw error;
}

/**
 * Signs and sends GetCallerIdentity, which needs no permission: it shows that the keys are alive and whose they are.
 *
 * @throws Failure `sts-error`, `sts-unreadable` (254), `sts-no-answer`, `sts-certificate` (255); of a CA bundle or a
 *   proxy that cannot be used (252)
 */
export async function getCallerIdentity(
  credentials: Credentials,
  options: StsOptions,
  context: Context,
): Promise<Caller> {
  const { region, endpointUrl } = options;
  const url = new URL(
    endpointUrl ?? `https://sts${options.fips ? "-fips" : ""}.${region}.${dnsSuffix(region)}/`,
  );
  const wire = new Wire(options, context.env);
  const attempt = async (leftMs: number): Promise<Try<Caller>> => {
    const cancellation = new Cancellation();
    const timer = setTimeout(() => cancellation.cancel(outOfTime()), leftMs);
    const request = {
      origin: url.origin,
      method: "POST",
      path: url.pathname,
      headers: signedHeaders(url, region, credentials, context.now()),
      body: BODY,
      rules: KEYS,
      // It changes nothing.
      isRepeatable: true,
    };
    try {
      const response = await tracedRequest("GetCallerIdentity", request, undefined, context, () =>
        wire.send(request, undefined, cancellation),
      );
      if (response.status !== 200) throw new ServerError(response, "GetCallerIdentity");
      return readCaller(url.origin, response);
    } catch (error) {
      return failedTry(url.origin, error);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    return await withRetries(attempt, context.now() + BUDGET, context);
  } finally {
    wire.destroy();
  }
}
