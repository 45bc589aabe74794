import { createHash } from "node:crypto";
import type { Context } from "../context.js";
import type { Credentials } from "../credentials/credentials.js";
import { type Try, withRetries } from "../credentials/retries.js";
import type { Failure } from "../failure.js";
import { Cancellation } from "../http/cancellation.js";
import { causeCode, NoResponse } from "../http/no-response.js";
import { KEYS } from "../http/reading-rules.js";
import { Wire, type WireOptions } from "../http/wire.js";
import { ServerError } from "./server-error.js";
import { Signer } from "./sign.js";
import { type StsAddress, type StsPlace, stsAddress } from "./sts-address.js";
import { stsNoResponse } from "./sts-failures.js";
import { tracedRequest } from "./traced-request.js";
import { encodeKey, encodeQueryPart } from "./uri-encode.js";
import { judge } from "./verdict.js";

/** How STS is reached: as S3 is, by the same options and variables. */
export interface StsOptions extends WireOptions, StsPlace {
  /** For all tries of one action together, ms; undefined: a minute. */
  readonly budgetMs?: number | undefined;
}

/** One of STS' actions. */
export interface StsAction<T> {
  readonly name: "GetCallerIdentity" | "AssumeRole" | "AssumeRoleWithWebIdentity";
  /** Those that are undefined are not sent. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** Undefined: the request goes unsigned. */
  readonly credentials: Credentials | undefined;
  /** What is known of the partition, where no region is named. */
  readonly arns: readonly (string | undefined)[];
  /** Reads the body of a 200; a Failure when it is not believed. */
  readonly read: (origin: string, body: Buffer) => T | Failure;
  /** What an error of STS' is to the user. */
  readonly refused: (origin: string, error: ServerError) => Failure;
}

/** A response that drips is cut off by it, too. */
const BUDGET = 60_000;

/** STS could not ask the identity provider in time: botocore asks again as well. */
const TRANSIENT = "IDPCommunicationError";

/** The query protocol's body: what is sent stands in it, nothing in the address. */
function bodyOf({ name, parameters }: Pick<StsAction<unknown>, "name" | "parameters">): Buffer {
  const given = Object.entries({ Action: name, Version: "2011-06-15", ...parameters });
  const fields = given.flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeQueryPart(value)}`],
  );
  return Buffer.from(fields.join("&"));
}

function headersOf(
  { url, region }: StsAddress,
  body: Buffer,
  credentials: Credentials | undefined,
  now: number,
): Record<string, string> {
  const headers: Record<string, string> = {
    host: url.host,
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "content-length": String(body.length),
  };
  if (credentials === undefined) return headers;
  headers["x-amz-content-sha256"] = createHash("sha256").update(body).digest("hex");
  // Every service but S3 has the path encoded once more in what is signed.
  const signable = { method: "POST", path: encodeKey(url.pathname), query: "", headers };
  new Signer().sign(signable, { region, service: "sts" }, credentials, now);
  return headers;
}

function outOfTime(): NoResponse {
  return new NoResponse(Object.assign(new Error("no response in time"), { code: "ETIMEDOUT" }), false);
}

/** What a failed try means: the same judgement as for S3. */
function failedTry<T>({ name, refused }: StsAction<T>, origin: string, error: unknown): Try<T> {
  const verdict = judge(error);
  const again = verdict === "retry" || verdict === "retry-slower";
  if (error instanceof ServerError)
    return { failure: refused(origin, error), again: again || error.code === TRANSIENT };
  if (error instanceof NoResponse)
    return { failure: stsNoResponse(name, origin, causeCode(error), error), again };
  // A CA bundle or a proxy that cannot be used: a Failure already.
  throw error;
}

/**
 * Sends one action to STS, in as many tries as are worth it: none of ours changes anything there.
 *
 * @throws Failure of `refused` and `read`; `sts-no-answer`, `sts-certificate` (255); of a CA bundle or a proxy that
 *   cannot be used (252)
 */
export async function sendToSts<T>(action: StsAction<T>, options: StsOptions, context: Context): Promise<T> {
  const { name, credentials } = action;
  const address = stsAddress(options, action.arns);
  const { origin, pathname } = address.url;
  const body = bodyOf(action);
  const wire = new Wire(options, context.env);
  const attempt = async (leftMs: number): Promise<Try<T>> => {
    const cancellation = new Cancellation();
    const timer = setTimeout(() => cancellation.cancel(outOfTime()), leftMs);
    const headers = headersOf(address, body, credentials, context.now());
    const request = {
      origin,
      method: "POST",
      path: pathname,
      headers,
      body,
      rules: KEYS,
      isRepeatable: true,
    };
    try {
      const response = await tracedRequest(name, request, undefined, context, () =>
        wire.send(request, undefined, cancellation),
      );
      if (response.status !== 200) throw new ServerError(response, name);
      const read = action.read(origin, response.body);
      return read instanceof Error ? { failure: read, again: false } : { value: read };
    } catch (error) {
      return failedTry(action, origin, error);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    return await withRetries(attempt, context.now() + (options.budgetMs ?? BUDGET), context);
  } finally {
    wire.destroy();
  }
}
