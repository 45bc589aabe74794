import { ExitCode, Failure } from "../failure.js";
import { eitherCase } from "./answer.js";
import { type Asked, shownAsked } from "./endpoint-failures.js";
import type { HttpResponse } from "./response-reader.js";
import { shownWords } from "./shown-words.js";

interface Said {
  readonly code?: string;
  readonly message?: string;
  readonly html: boolean;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** The endpoint's own words: JSON with code and message in either case, or text. */
function readSaid({ body }: HttpResponse): Said {
  const whole = body.toString("utf8", 0, 8192).trim();
  if (/^<(?:!doctype|html|head|body)/i.test(whole)) return { html: true };
  if (!/^[{["]/.test(whole)) return { html: false, ...(whole === "" ? {} : { message: whole }) };
  try {
    const fields = JSON.parse(whole) as Record<string, unknown>;
    const code = text(eitherCase(fields, "code")) ?? text(fields.__type) ?? text(fields.error);
    const message = text(eitherCase(fields, "message"));
    return { html: false, ...(code ? { code } : {}), ...(message ? { message } : {}) };
  } catch {
    return { html: false };
  }
}

const PROXY_HINT =
  "a proxy or a captive page answered in the endpoint's place: link-local addresses must not be routed through a proxy";

/** The likely cause and the fix, by status: what each has meant in ECS, CodeBuild, EKS and Greengrass. */
function hintFor(status: number, { html }: Said, full: boolean): readonly [id: string, hint: string] {
  if (html) return ["endpoint-html", PROXY_HINT];
  if (status >= 300 && status < 400)
    return ["endpoint-redirect", "redirects are not followed: give the address it leads to, if you trust it"];
  if (status === 400)
    return [
      "endpoint-400",
      "the id is stale or not whole: it belongs to one build and dies with it; pass the variable of this very build, and keep it out of ENV and of cached layers",
    ];
  if (status === 401 || status === 403)
    return [
      "endpoint-403",
      full
        ? "the authorization token is missing, expired or for another agent: check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
        : "the endpoint does not serve this container",
    ];
  if (status === 404)
    return ["endpoint-404", "nothing is served under that path: check that the variable was passed on whole"];
  if (status === 407 || status === 511) return ["endpoint-proxy", PROXY_HINT];
  if (status === 429)
    return [
      "endpoint-429",
      "too many requests at once (ECS allows 40 a second): start fewer steps in parallel, or fetch once and pass on",
    ];
  if (status >= 500)
    return [
      "endpoint-5xx",
      "the endpoint itself has a problem, often for the first seconds only: run the step again",
    ];
  return ["endpoint-status", "something else than a credential endpoint may listen there: check the address"];
}

/** The ECS agent's code for an id that it does not know, or does not know yet. */
export function isUnknownId(response: HttpResponse): boolean {
  return response.status === 400 && readSaid(response).code === "InvalidIdInRequest";
}

/** A status other than 200: exit code 254. */
export function errorAnswer(asked: Asked, response: HttpResponse): Failure {
  const said = readSaid(response);
  const [id, hint] = hintFor(response.status, said, asked.full);
  const words = said.html ? "an HTML page" : shownWords(said.code, said.message);
  return new Failure(id, {
    message: `${shownAsked(asked)} answered ${response.status}${words === "" ? "" : `: ${words}`}`,
    hint,
    exitCode: ExitCode.service,
  });
}

/** A 200 whose `Code` is not `Success`: that error, whether or not keys stand beside it. */
export function errorCode(asked: Asked, code: string, message: string | undefined): Failure {
  return new Failure("answer-code", {
    message: `${shownAsked(asked)} answered 200 with the error ${shownWords(code, message)}`,
    hint: "the endpoint could not get the role's credentials: see whether the role exists and may be assumed",
    exitCode: ExitCode.service,
  });
}
