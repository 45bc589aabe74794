import { ExitCode, Failure } from "../failure.js";
import type { Response } from "../http/response.js";
import { type Asked, shownAsked } from "./endpoint-failures.js";
import { isHtmlPage } from "./html-page.js";
import { KEYS_INSTEAD, OTHER_BUILDER } from "./other-builder.js";
import { eitherCase } from "./response.js";
import { shownWords } from "./shown-words.js";

interface Said {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly html: boolean;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** Code and message under the names that endpoints give them, or in an object inside. */
function wordsIn(value: string | Fields): Omit<Said, "html"> {
  if (typeof value === "string") return { message: value };
  const inner = [eitherCase(value, "error"), eitherCase(value, "errors")]
    .map((each) => (Array.isArray(each) ? each[0] : each))
    .find(isFields);
  if (inner !== undefined) return wordsIn(inner);
  const code = text(eitherCase(value, "code")) ?? text(value.__type) ?? text(eitherCase(value, "error"));
  const message = ["message", "error_description", "detail", "reason"]
    .map((name) => text(eitherCase(value, name)))
    .find((words) => words !== undefined);
  return { code, message };
}

/** EKS' agent puts the request's id in brackets before its words; what else begins so is JSON that was cut off. */
const BRACKETED_WORDS = /^\[[^\]{}"]*\]:?\s*[^\s,]/;

/** The endpoint's own words: JSON with code and message in either case, or text. */
function readSaid({ body }: Response): Said {
  const whole = body.toString("utf8", 0, 8192).trim();
  if (isHtmlPage(whole)) return { html: true };
  const isText = !/^[{["]/.test(whole) || BRACKETED_WORDS.test(whole);
  if (isText) return { html: false, message: whole };
  try {
    return { html: false, ...wordsIn(JSON.parse(whole)) };
  } catch {
    // Cut off: it may have been keys.
    return { html: false };
  }
}

const PROXY_HINT =
  "a proxy or a sign-in page answered in place of the endpoint: link-local addresses must not go through a proxy";

type Reason = readonly [id: string, hint: string];

/** What 400 to 429 mean of ECS and CodeBuild, whose path is the id of one build or task. */
const RELATIVE_HINTS: Readonly<Record<number, Reason>> = {
  400: [
    "endpoint-400",
    `the address is stale or cut off, since it is valid during one build only: pass this build's variable, and keep it out of ENV and of cached layers. Or ${OTHER_BUILDER}. Then ${KEYS_INSTEAD}`,
  ],
  403: ["endpoint-403", "the endpoint does not serve this container"],
  404: ["endpoint-404", "nothing is served at that path: was the variable passed on completely?"],
  429: [
    "endpoint-429",
    "too many requests at once (ECS allows 40 a second): start fewer steps in parallel, or fetch the keys once and pass them on",
  ],
};

const TOKEN_HINT =
  "the authorization token is missing, expired or for another agent: check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/** And of the agents that a full URI names: EKS, Greengrass, CloudShell. */
const FULL_HINTS: Readonly<Record<number, Reason>> = {
  400: [
    "endpoint-400",
    "the endpoint refused the request: its message says why. If it is about a token, check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  ],
  403: ["endpoint-403", TOKEN_HINT],
  404: ["endpoint-404", "nothing is served at that path: check the whole URI, a slash at its end included"],
  429: [
    "endpoint-429",
    "too many requests at once: start fewer steps in parallel, or fetch the keys once and pass them on",
  ],
};

/** The likely cause and the fix, by status: what each has meant in ECS, CodeBuild, EKS and Greengrass. */
function hintFor(status: number, { html }: Said, full: boolean): Reason {
  if (html) return ["endpoint-html", PROXY_HINT];
  if (status >= 300 && status < 400)
    return [
      "endpoint-redirect",
      "redirects are not followed: use the address that it leads to, if you trust it",
    ];
  const known = (full ? FULL_HINTS : RELATIVE_HINTS)[status === 401 ? 403 : status];
  if (known !== undefined) return known;
  if (status === 407 || status === 511) return ["endpoint-proxy", PROXY_HINT];
  if (status >= 500)
    return ["endpoint-5xx", "the endpoint has a problem, often only while it starts: run the step again"];
  return [
    "endpoint-status",
    "something other than a credential endpoint may listen there: check the address",
  ];
}

/** The ECS agent's code for an id that it does not know, or does not know yet. */
export function isUnknownId(response: Response): boolean {
  return response.status === 400 && readSaid(response).code === "InvalidIdInRequest";
}

/** An error's own words, as the end of our line; those of the instance metadata service are pages. */
export function errorWords(response: Response): string {
  const { html, code, message } = readSaid(response);
  return html ? "" : shownWords(code, message);
}

/** A status other than 200: exit code 254. */
export function errorResponse(asked: Asked, response: Response): Failure {
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
    hint: "the endpoint could not get the role's credentials: check that the role exists and can be assumed",
    exitCode: ExitCode.service,
  });
}
