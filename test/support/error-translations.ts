import { expect } from "vitest";
import { ServerError } from "../../src/aws/server-error.js";
import { stsNoResponse } from "../../src/aws/sts-failures.js";
import { judge, leavesDoubt } from "../../src/aws/verdict.js";
import { Run } from "../../src/cli/run.js";
import { valueFileUnreadable } from "../../src/commands/options/failures.js";
import { nameNotResolved, secretUnreadable, tokenFileUnusable } from "../../src/credentials/failures.js";
import { credentialsFileUnreadable } from "../../src/credentials/file-failures.js";
import { socketTrouble } from "../../src/credentials/trouble.js";
import { refusal } from "../../src/exec/refusal.js";
import { ExitCode, Failure } from "../../src/failure.js";
import { caBundleUnreadable, proxyUnusable } from "../../src/http/failures.js";
import { causeCode, isReset, lacksSocket, NoResponse } from "../../src/http/no-response.js";
import { anyFailure } from "../../src/output/any-failure.js";
import { outputUnwritable } from "../../src/output/failures.js";
import { asFailure, bodyStuck, LIST_EXIT, TRANSFER_EXIT } from "../../src/s3/failures.js";
import { lacksDescriptors } from "../../src/s3/local/descriptors.js";
import { localFailure } from "../../src/s3/local-failures.js";
import { testContext } from "./test-context.js";

const uri = { name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", place: "environment" } as const;

/** Every place that puts what was thrown outside of our code into words: each gives a Failure. */
const TRANSLATIONS: Readonly<Record<string, (thrown: unknown) => unknown>> = {
  "a local file that is read": (thrown) => anyFailure(localFailure("read", "/p", thrown)),
  "a local file that is written": (thrown) => anyFailure(localFailure("write", "/p", thrown)),
  "a file of secrets": (thrown) => outputUnwritable("/p", thrown),
  "a secret": (thrown) => secretUnreadable("/p", "id", thrown),
  "a token file": (thrown) => tokenFileUnusable("/p", thrown),
  "a credentials file": (thrown) => credentialsFileUnreadable("/p", thrown),
  "a name": (thrown) => nameNotResolved(uri, "host", thrown),
  "a file of a value": (thrown) => valueFileUnreadable("metadata", "/p", thrown),
  "a CA bundle": (thrown) => caBundleUnreadable("/p", thrown),
  "a proxy": (thrown) => proxyUnusable(thrown),
  STS: (thrown) => stsNoResponse("GetCallerIdentity", "https://sts", causeCode(thrown), thrown),
  "a body that broke off": (thrown) => bodyStuck(1, 2, thrown),
  "a transfer without a response": (thrown) => asFailure(new NoResponse(thrown, false), TRANSFER_EXIT),
  "a listing without a response": (thrown) => asFailure(new NoResponse(thrown, true), LIST_EXIT),
};

const CODES: readonly number[] = Object.values(ExitCode);

/** What a user reads of a failure: one line, and a fix below it. */
async function printed(thrown: unknown): Promise<{ readonly code: number; readonly text: string }> {
  const context = testContext({}, { debugging: false });
  const code = new Run(["cp", "a", "b"], context).failed(thrown);
  return { code, text: context.stderr.text };
}

/** Nothing that is thrown outside of our code makes one of its translations throw, or say what nobody can use. */
export async function checkTranslations(thrown: unknown): Promise<void> {
  for (const [where, translate] of Object.entries(TRANSLATIONS)) {
    const failure = translate(thrown);
    expect(failure, where).toBeInstanceOf(Failure);
    const { code, text } = await printed(failure);
    expect(CODES, where).toContain(code);
    expect(text, where).toMatch(/^fetch-creds: [^\n]*[^\s:\n][^\n]*\n( {2}[^\n]*\n)*$/);
    expect(text, where).not.toMatch(/\n\s+at |function Object/);
  }
}

/** The responses of code that only asks about an error are what they are for any other. */
export function checkQuestions(thrown: unknown): void {
  const unanswered = new NoResponse(thrown, false);
  expect(["retry", "final"]).toContain(judge(unanswered));
  expect(typeof isReset(unanswered)).toBe("boolean");
  expect(typeof lacksSocket(unanswered)).toBe("boolean");
  expect(typeof leavesDoubt(unanswered)).toBe("boolean");
  expect(typeof lacksDescriptors(thrown)).toBe("boolean");
  expect(refusal(thrown)).toMatch(/./s);
  expect(socketTrouble(thrown).reason).toMatch(/^[a-z-]+$/);
}

/** What reaches the end of a run is said in one line, whatever it is; only there it may be a bug of ours. */
export async function checkRun(thrown: unknown): Promise<void> {
  const { code, text } = await printed(thrown);
  expect(CODES).toContain(code);
  expect(text).toMatch(/^fetch-creds: [^\n]*\n( {2}[^\n]*\n)*$/);
}

/** What S3 answers is said as its error, whatever code it has. */
export async function checkServerError(status: number, code: string, message: string): Promise<void> {
  const xml = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  const error = new ServerError({ status, headers: {}, body: Buffer.from(xml) }, "GetObject");
  expect(["retry", "retry-slower", "expired", "skewed", "elsewhere", "final"]).toContain(judge(error));
  for (const exit of [TRANSFER_EXIT, LIST_EXIT]) {
    const failure = asFailure(error, exit);
    expect(failure).toBeInstanceOf(Failure);
    expect((await printed(failure)).text).toMatch(/^fetch-creds: An error occurred [^\n]*\n( {2}[^\n]*\n)*$/);
  }
}
