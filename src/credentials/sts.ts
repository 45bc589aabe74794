import { createHash } from "node:crypto";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Context } from "../context.js";
import { dnsSuffix } from "../s3/endpoint/partition.js";
import { Signer } from "../s3/requests/sign.js";
import { encodeKey } from "../s3/requests/uri-encode.js";
import { unescapeXml } from "../s3/xml/parse.js";
import type { Credentials } from "./credentials.js";
import { withRetries } from "./retries.js";
import { stsAnsweredError, stsNoAnswer, stsUnreadable } from "./sts-failures.js";

/** Who STS says the keys belong to. */
export interface CallerIdentity {
  readonly arn: string;
  readonly account: string;
  readonly userId: string;
}

export interface StsOptions {
  readonly region: string;
  /** `--endpoint-url-sts`; undefined: the region's own endpoint. */
  readonly endpointUrl?: string | undefined;
}

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";
const TIME_LIMIT = 10_000;
const BUDGET = 30_000;
const ANSWER_LIMIT = 256 * 1024;

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

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Send = (url: URL, options: RequestOptions, callback: (answer: IncomingMessage) => void) => ClientRequest;

/** One POST; rejects with the system's error. */
function post(send: Send, url: URL, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers, agent: false, signal: AbortSignal.timeout(TIME_LIMIT) };
    const request = send(url, options as RequestOptions, (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on("data", (part: Buffer) => {
        size += part.length;
        if (size > ANSWER_LIMIT) request.destroy(new Error("the answer is too large"));
        parts.push(part);
      });
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
      );
    });
    request.on("error", reject);
    request.end(BODY);
  });
}

/** The text of the first element of that name; STS's answers are flat. */
function elementText(xml: string, name: string): string | undefined {
  const raw = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return raw === undefined ? undefined : unescapeXml(raw);
}

/**
 * Signs and sends GetCallerIdentity, which needs no permission: it shows that the keys are alive and whose they are.
 *
 * @throws Failure `sts-error`, `sts-unreadable` (254), `sts-no-answer` (255)
 */
export async function getCallerIdentity(
  credentials: Credentials,
  { region, endpointUrl }: StsOptions,
  context: Context,
): Promise<CallerIdentity> {
  const url = new URL(endpointUrl ?? `https://sts.${region}.${dnsSuffix(region)}/`);
  const { request } = url.protocol === "http:" ? await import("node:http") : await import("node:https");
  const { status, text } = await withRetries(
    async () => {
      const headers = signedHeaders(url, region, credentials, context.now());
      try {
        const answer = await post(request, url, headers);
        if (answer.status < 500 && answer.status !== 429) return { value: answer };
        const code = elementText(answer.text, "Code");
        const message = elementText(answer.text, "Message");
        return { failure: stsAnsweredError(url.origin, answer.status, code, message), again: true };
      } catch (cause) {
        return { failure: stsNoAnswer(url.origin, cause), again: true };
      }
    },
    context.now() + BUDGET,
    context,
  );
  if (status !== 200)
    throw stsAnsweredError(url.origin, status, elementText(text, "Code"), elementText(text, "Message"));
  const [arn, account, userId] = ["Arn", "Account", "UserId"].map((name) => elementText(text, name));
  if (!arn || !account || !userId) throw stsUnreadable(url.origin);
  return { arn, account, userId };
}
