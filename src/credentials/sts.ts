import { createHash } from "node:crypto";
import type { Context } from "../context.js";
import { dnsSuffix } from "../s3/endpoint/partition.js";
import { ServerError } from "../s3/requests/server-error.js";
import { Signer } from "../s3/requests/sign.js";
import { Stop } from "../s3/requests/stop.js";
import { encodeKey } from "../s3/requests/uri-encode.js";
import { causeCode, judge } from "../s3/requests/verdict.js";
import type { StoreOptions } from "../s3/store.js";
import { Dispatchers } from "../s3/wire/dispatchers.js";
import { type Answer, NoAnswer } from "../s3/wire/exchange.js";
import { childText, parseXml } from "../s3/xml/parse.js";
import type { Caller, Credentials } from "./credentials.js";
import { type Try, withRetries } from "./retries.js";
import { stsAnsweredError, stsNoAnswer, stsUnreadable } from "./sts-failures.js";

/** How STS is reached: as S3 is, by the same options and variables. */
export interface StsOptions
  extends Pick<
    StoreOptions,
    "region" | "caBundle" | "verifySsl" | "connectTimeoutMs" | "readTimeoutMs" | "fips"
  > {
  /** `--endpoint-url-sts`; undefined: the region's own endpoint. */
  readonly endpointUrl?: string | undefined;
}

const BODY = Buffer.from("Action=GetCallerIdentity&Version=2011-06-15");

/** For all tries together, ms: an answer that drips is cut off by it, too. */
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

function outOfTime(): NoAnswer {
  return new NoAnswer(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }), false);
}

/** The caller in STS's answer; undefined when it is none. */
function readCaller({ body }: Answer): Caller | undefined {
  const root = parseXml(body.toString("utf8"));
  const result = root?.children.find(({ name }) => name === "GetCallerIdentityResult");
  const [arn, account, userId] = ["Arn", "Account", "UserId"].map((name) => childText(result, name));
  return arn && account && userId ? { arn, account, userId } : undefined;
}

/** What a failed try means: the same judgement as for S3. */
function failedTry(origin: string, error: unknown): Try<Caller> {
  const verdict = judge(error);
  const again = verdict === "retry" || verdict === "retry-slower";
  if (error instanceof ServerError) return { failure: stsAnsweredError(origin, error), again };
  if (error instanceof NoAnswer) return { failure: stsNoAnswer(origin, causeCode(error), error), again };
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
  const { region, endpointUrl, readTimeoutMs } = options;
  const url = new URL(
    endpointUrl ?? `https://sts${options.fips ? "-fips" : ""}.${region}.${dnsSuffix(region)}/`,
  );
  const dispatchers = new Dispatchers(options, context.env, 1);
  const attempt = async (leftMs: number): Promise<Try<Caller>> => {
    const stop = new Stop();
    const timer = setTimeout(() => stop.stop(outOfTime()), leftMs);
    const request = {
      origin: url.origin,
      method: "POST",
      path: url.pathname,
      headers: signedHeaders(url, region, credentials, context.now()),
      body: BODY,
      headersTimeout: readTimeoutMs,
      bodyTimeout: readTimeoutMs,
    };
    try {
      const answer = await dispatchers.exchange(request, undefined, stop);
      if (answer.status !== 200) throw new ServerError(answer, "GetCallerIdentity");
      const value = readCaller(answer);
      return value === undefined ? { failure: stsUnreadable(url.origin), again: false } : { value };
    } catch (error) {
      return failedTry(url.origin, error);
    } finally {
      clearTimeout(timer);
    }
  };
  context.debug(`asking STS at ${url.origin} whose keys these are`);
  try {
    return await withRetries(attempt, context.now() + BUDGET, context);
  } finally {
    await dispatchers.destroy();
  }
}
