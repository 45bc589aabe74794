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
  /** Where the process runs: with the endpoints (default), without any network, or where packets are swallowed. */
  readonly network?: "none" | "swallowing";
  readonly expect: Expectation;
}

export interface Expectation {
  readonly code: number;
  readonly requests?: number;
  readonly stdout?: RegExp;
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

/** Every way in which what was seen differs from what was expected. */
export function faultsOf(expect: Expectation, seen: Observed): string[] {
  const faults = generalFaults(seen);
  const check = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  check(seen.code === expect.code, `exit code ${seen.code}, expected ${expect.code}`);
  if (expect.requests !== undefined)
    check(
      seen.requests.length === expect.requests,
      `${seen.requests.length} requests, expected ${expect.requests}`,
    );
  if (expect.stdout) check(expect.stdout.test(seen.stdout), `stdout does not fit ${expect.stdout}`);
  if (expect.stderr) check(expect.stderr.test(seen.stderr), `stderr does not fit ${expect.stderr}`);
  for (const { head } of seen.requests) {
    if (expect.head) check(expect.head.test(head), `the request does not fit ${expect.head}`);
    if (expect.notHead) check(!expect.notHead.test(head), `the request fits ${expect.notHead}`);
  }
  expect.gaps?.forEach(([least, most], index) => {
    const gap = (seen.requests[index + 1]?.at ?? Number.NaN) - (seen.requests[index]?.at ?? Number.NaN);
    check(
      gap >= least && gap <= most,
      `gap ${index + 1} is ${Math.round(gap)} ms, expected ${least} to ${most}`,
    );
  });
  if (expect.underMs !== undefined) check(seen.ms < expect.underMs, `took ${Math.round(seen.ms)} ms`);
  if (expect.overMs !== undefined) check(seen.ms >= expect.overMs, `took only ${Math.round(seen.ms)} ms`);
  if (expect.secret) check(!(seen.stdout + seen.stderr).includes(expect.secret), "a secret in the output");
  return faults;
}
