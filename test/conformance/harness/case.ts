import type { Script, SeenRequest } from "../../support/raw-endpoint/raw-endpoint.js";

/** What one run of the built file was seen to do. */
export interface Observed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the process to its end, ms. */
  readonly ms: number;
  readonly requests: readonly SeenRequest[];
}

/**
 * One black-box case. `ID` in arguments, variables and secrets stands for the case's own id, by which the endpoint
 * tells the requests of cases that run at the same time apart; `HOST` for an address of its own under 127/8.
 */
export interface Case {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files under /run/secrets, in a mount namespace of this case's own. `null`: a directory. */
  readonly secrets?: Readonly<Record<string, string | null>>;
  /** Those files (and a token file's) have mode 0, and the process lacks the power to read them all the same. */
  readonly unreadable?: true;
  /** The content of a file whose path replaces `FILE` in the variables; `null`: a directory. */
  readonly file?: string | null;
  /** What the endpoint does at the first, second, … request; the last one repeats. */
  readonly script?: Script | readonly Script[];
  /** Called when a request arrives, before it is answered. */
  readonly onRequest?: (count: number, paths: { file: string }) => void;
  /** Where the process runs: with the endpoints (default), without any network, or where packets are dropped. */
  readonly network?: "none" | "swallowing";
  readonly expect: Expectation;
}

export interface Expectation {
  readonly code: number;
  readonly requests?: number;
  readonly requestsAtMost?: number;
  /** Without it, and where the code is 0: the report of `verify` on the good response's keys. */
  readonly stdout?: RegExp;
  /** The report's expiry: as it was written, and the same moment in UTC. */
  readonly expires?: readonly [written: string, utc: string];
  readonly stderr?: RegExp;
  readonly head?: RegExp;
  readonly notHead?: RegExp;
  /** Each gap between two requests, ms: at least and at most. */
  readonly gaps?: readonly (readonly [number, number])[];
  readonly underMs?: number;
  readonly overMs?: number;
  /** Must stand nowhere in the output. */
  readonly secret?: string;
}

/** What the harness tells besides its cases. */
export const AFTER_THE_CASES = [
  "what must not be contacted stays silent",
  "200 processes at once against 40 requests a second all succeed",
] as const;

/** The rules that hold for every case. */
function generalFaults({ stdout, stderr, code }: Observed): string[] {
  const faults: string[] = [];
  if (/^\s+at .*[:(]\d+/m.test(stderr)) faults.push("a stack trace");
  if (code !== 0 && stdout !== "") faults.push("output on stdout though it failed");
  // Where nothing is configured the hint is what to paste: two commands, each with its line of a Dockerfile.
  const hints = stderr.startsWith("fetch-creds: no credential source") ? 4 : 1;
  if (code !== 0 && !new RegExp(`^fetch-creds: [^\\n]+\\n(?: {2}[^\\n]+\\n){${hints}}$`).test(stderr))
    faults.push(`not one line and ${hints} of hints`);
  if (/SECRETKEY|TOKENVALUE/.test(stdout + stderr)) faults.push("a secret in the output");
  return faults;
}

/** What `verify` says of the keys in GOOD_BODY. */
const REPORT = /^Access key {2}\*{16}MPLE$\n^Expires {5}\S/m;
const HOUR = 3_600_000;

/** What is wrong with the report's line about the expiry. */
function expiryFaults([written, utc]: readonly [string, string], stdout: string): string[] {
  const [, shown = "", days, hours] = /^Expires {5}(\S+) \((\d+) d (\d+) h left\)$/m.exec(stdout) ?? [];
  const left = (Date.parse(utc) - Date.now()) / HOUR;
  const told = Number(days) * 24 + Number(hours);
  return [
    ...(shown === written ? [] : [`Expires shows ${shown}`]),
    ...(Math.abs(told - left) <= 1 ? [] : [`${told} h are left, expected ${left}`]),
  ];
}

/** What is wrong with the times of a run. */
function timeFaults(expect: Expectation, { requests, ms }: Observed): string[] {
  const faults: string[] = [];
  expect.gaps?.forEach(([least, most], index) => {
    const gap = (requests[index + 1]?.at ?? Number.NaN) - (requests[index]?.at ?? Number.NaN);
    if (!(gap >= least && gap <= most))
      faults.push(`gap ${index + 1} is ${Math.round(gap)} ms, expected ${least} to ${most}`);
  });
  if (expect.underMs !== undefined && !(ms < expect.underMs)) faults.push(`took ${Math.round(ms)} ms`);
  return faults;
}

/**
 * Whether a machine whose processors are taken for seconds can be the cause of a run's faults: the endpoint itself is
 * late then, its times are off, and one try too many is what must follow. Nothing else is, least of all a wrong exit code.
 */
export function mayBeLate(expect: Expectation, seen: Observed, faults: readonly string[]): boolean {
  const triedTooOften = expect.requests !== undefined && seen.requests.length > expect.requests;
  return triedTooOften || faults.length === timeFaults(expect, seen).length;
}

/** Every way in which what was seen differs from what was expected. */
export function faultsOf(expect: Expectation, seen: Observed): string[] {
  const faults = [...generalFaults(seen), ...timeFaults(expect, seen)];
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  check(seen.code === expect.code, `exit code ${seen.code}, expected ${expect.code}`);
  if (expect.requests !== undefined)
    check(
      seen.requests.length === expect.requests,
      `${seen.requests.length} requests, expected ${expect.requests}`,
    );
  if (expect.requestsAtMost !== undefined)
    check(
      seen.requests.length >= 1 && seen.requests.length <= expect.requestsAtMost,
      `${seen.requests.length} requests, expected 1 to ${expect.requestsAtMost}`,
    );
  const stdout = expect.stdout ?? (expect.code === 0 ? REPORT : undefined);
  if (stdout) check(stdout.test(seen.stdout), `stdout does not fit ${stdout}`);
  if (expect.expires) faults.push(...expiryFaults(expect.expires, seen.stdout));
  if (expect.stderr) check(expect.stderr.test(seen.stderr), `stderr does not fit ${expect.stderr}`);
  for (const { head } of seen.requests) {
    if (expect.head) check(expect.head.test(head), `the request does not fit ${expect.head}`);
    if (expect.notHead) check(!expect.notHead.test(head), `the request fits ${expect.notHead}`);
  }
  if (expect.overMs !== undefined) check(seen.ms >= expect.overMs, `took only ${Math.round(seen.ms)} ms`);
  if (expect.secret) check(!(seen.stdout + seen.stderr).includes(expect.secret), "a secret in the output");
  return faults;
}
