import { ExitCode, Failure } from "../failure.js";
import type { SourceDescription } from "./credentials.js";
import { type Endpoint, shownEndpoint, shownName } from "./endpoint.js";
import { KEYS_INSTEAD, OTHER_BUILDER } from "./other-builder.js";
import { isLoopback } from "./permitted-address.js";
import type { Trouble } from "./trouble.js";

/** What an error about the endpoint names: the variable used, and the address. */
export interface Asked {
  readonly description: SourceDescription;
  readonly endpoint: Endpoint;
  /** Whether a full URI named it (EKS, Greengrass), not a relative one (ECS, CodeBuild). */
  readonly full: boolean;
}

/** `http://169.254.170.2/v2/credentials/1234… (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)` */
export function shownAsked({ description, endpoint }: Asked): string {
  return `${shownEndpoint(endpoint)} (${shownName(description)})`;
}

const OUTSIDE = `outside CodeBuild and ECS (a laptop, another CI) there is no credential endpoint, or ${OTHER_BUILDER}. Then ${KEYS_INSTEAD}`;

export const OWN_LOOPBACK =
  "a loopback address is this container's own: to reach the host's from a RUN, use docker build --network host";

/** Where nothing answers: what it means of ECS' and CodeBuild's address, of a loopback one, and of any other. */
interface Places {
  readonly relative: string;
  readonly loopback: string;
  readonly other: string;
}

export function isLoopbackHost(host: string): boolean {
  return isLoopback(host) || /(?:^|\.)localhost$/i.test(host);
}

function hintAt(hint: string | Places, { full, endpoint }: Asked): string {
  if (typeof hint === "string") return hint;
  if (!full) return hint.relative;
  return isLoopbackHost(endpoint.host) ? hint.loopback : hint.other;
}

interface Words {
  readonly id: string;
  readonly says: string;
  readonly hint: string | Places;
}

/** One line each: what was seen on the wire, and what that means where we are used. */
const WORDS: Readonly<Record<Trouble["reason"], Words>> = {
  refused: {
    id: "endpoint-refused",
    says: "refused the connection",
    hint: {
      relative: `nothing listens there: ${OUTSIDE}`,
      loopback: `nothing listens there: ${OWN_LOOPBACK}`,
      other:
        "nothing listens there: check the address and the port, and whether the agent runs on this machine",
    },
  },
  unreachable: {
    id: "endpoint-unreachable",
    says: "cannot be reached",
    hint: {
      relative: `no route: this step has no network (docker build --network none, RUN --network=none), ${OUTSIDE}`,
      loopback: OWN_LOOPBACK,
      other:
        "there is no route to it: this step has no network (docker build --network none, RUN --network=none), or the agent is not on this machine",
    },
  },
  "connect-timeout": {
    id: "endpoint-connect-timeout",
    says: "did not accept the connection in time",
    hint: {
      relative: `packets are dropped by a firewall, or because no route leads there: ${OUTSIDE}`,
      loopback: OWN_LOOPBACK,
      other: "packets are dropped by a firewall, or because no route leads to the agent",
    },
  },
  silent: {
    id: "endpoint-silent",
    says: "accepted the connection, but did not answer in time",
    hint: "the endpoint is overloaded, or something else listens there; --timeout sets how long to wait",
  },
  stalled: {
    id: "endpoint-stalled",
    says: "began its response, but did not finish it in time",
    hint: "the endpoint is overloaded, or something in between cuts the connection; --timeout sets how long to wait",
  },
  reset: {
    id: "endpoint-reset",
    says: "broke the connection off before its response was complete",
    hint: "the endpoint restarted, or a proxy or firewall in between closed the connection",
  },
  truncated: {
    id: "endpoint-truncated",
    says: "closed the connection before its response was complete",
    hint: "the endpoint restarted, or a proxy or firewall in between cuts its responses short",
  },
  malformed: {
    id: "endpoint-malformed",
    says: "answered something that is not HTTP",
    hint: "something other than a credential endpoint listens there: check the address and the port",
  },
  "too-large": {
    id: "endpoint-too-large",
    says: "answered more than credentials can be",
    hint: "something other than a credential endpoint listens there: check the address and the path",
  },
  certificate: {
    id: "endpoint-certificate",
    says: "showed a certificate that cannot be verified",
    hint: "add your own root certificate with NODE_EXTRA_CA_CERTS; the check cannot be turned off",
  },
  other: {
    id: "endpoint-connection",
    says: "could not be asked",
    hint: "check the address, and whether this step has a network",
  },
};

/** Troubles whose words already say what the detail would. */
const SAID: ReadonlySet<Trouble["reason"]> = new Set(["refused", "connect-timeout"]);

/** The endpoint gave no response that could be read: exit code 255. */
export function noResponse(asked: Asked, trouble: Trouble): Failure {
  const { reason, detail } = trouble;
  const { id, says, hint: usual } = WORDS[reason];
  const hint = detail === "EMFILE" ? "too many files are open: raise ulimit -n" : usual;
  const more = detail === undefined || SAID.has(reason) ? "" : ` (${detail})`;
  return new Failure(id, {
    message: `${shownAsked(asked)} ${says}${more}`,
    hint: hintAt(hint, asked),
    exitCode: ExitCode.other,
    cause: trouble.cause,
  });
}

/** The budget of `--timeout` ended before an attempt could be made. */
export function outOfTime(asked: Asked, budgetMs: number, cause?: unknown): Failure {
  return new Failure("credentials-timeout", {
    message: `${shownAsked(asked)} gave no credentials within ${budgetMs / 1000} s`,
    hint: "--timeout sets how long to wait; --debug shows each try",
    exitCode: ExitCode.other,
    cause,
  });
}

/** A whole response with status 200 that cannot be used: exit code 254. Never says what stood in it. */
export function unusableResponse(
  id: "answer-not-json" | "answer-encoded" | "answer-field",
  asked: Asked,
  fault: string,
  hint: string,
): Failure {
  return new Failure(id, {
    message: `${shownAsked(asked)} answered 200, but ${fault}`,
    hint,
    exitCode: ExitCode.service,
  });
}

/** @param date of the response, as `now` in ms since the epoch */
export function responseExpired(asked: Asked, expiration: string, now: number, date: number = now): Failure {
  const clock = new Date(now).toISOString();
  const minutes = Math.round((now - date) / 60_000);
  const side = minutes >= 2 ? "ahead of" : minutes <= -2 ? "behind" : undefined;
  return new Failure("answer-expired", {
    message: `${shownAsked(asked)} answered credentials that expired at ${expiration}; the local clock says ${clock}`,
    hint:
      side !== undefined
        ? `the local clock is ${Math.abs(minutes)} minutes ${side} the endpoint's: set the clock`
        : "two requests gave the same result: if the local clock is right, the endpoint has stopped renewing the role's keys",
    exitCode: ExitCode.service,
  });
}
