import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUILT_FILE } from "../../support/built-file.js";
import { startRawEndpoint } from "../../support/raw-endpoint/raw-endpoint.js";
import { answer } from "../../support/raw-endpoint/scripts.js";
import { GOOD_BODY } from "../cases/good-response.js";

const PROCESSES = 200;
/** The ECS agent's own limits. */
const PER_SECOND = 40;
const BURST = 60;
const REFUSED_LEAST = 20;

/** A shell starts them: this process has to answer, and starting one takes it some of the time it needs for that. */
const START_ALL = [
  "i=0",
  'while [ $i -lt "$1" ]; do i=$((i + 1))',
  '{ "$NODE" "$FILE" >/dev/null 2>"$FOLDER/$i.error"; echo $? >"$FOLDER/$i.code"; } &',
  "done",
  "wait",
].join("\n");

/** 200 processes at once against an endpoint that throttles as ECS does. @returns what went wrong */
export async function runHerd(): Promise<string[]> {
  let tokens = BURST;
  let filled = performance.now();
  let refused = 0;
  let served = 0;
  const server = await startRawEndpoint("127.0.0.9", 80, () => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - filled) / 1000) * PER_SECOND);
    filled = now;
    // Where processes start more slowly than that, some are refused all the same.
    const spared = served < BURST || refused >= REFUSED_LEAST;
    if (tokens >= 1 && spared) {
      tokens--;
      served++;
      return answer(200, GOOD_BODY);
    }
    refused++;
    return answer(429, "You have reached maximum request limit.\n", { "Content-Type": "text/plain" });
  });
  const folder = mkdtempSync(join(tmpdir(), "herd-"));
  const env = {
    PATH: process.env.PATH ?? "",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.9/v2/credentials/herd",
    NODE: process.env.FETCH_CREDS_NODE ?? process.execPath,
    FILE: BUILT_FILE,
    FOLDER: folder,
  };
  const shell = spawn("sh", ["-c", START_ALL, "sh", String(PROCESSES)], { env, stdio: "ignore" });
  await new Promise((resolve) => shell.once("close", resolve));
  const read = (name: string) => readFileSync(join(folder, name), "utf8").trim();
  const failed = Array.from({ length: PROCESSES }, (_, index) => index + 1)
    .filter((index) => read(`${index}.code`) !== "0")
    .map((index) => `${read(`${index}.code`)}: ${read(`${index}.error`)}`);
  rmSync(folder, { recursive: true });
  server.close();
  console.error(`${PROCESSES} processes at once: ${refused} requests were throttled`);
  if (refused < REFUSED_LEAST) return [`only ${refused} were throttled`];
  return failed.length === 0
    ? []
    : [`${failed.length} of ${PROCESSES} failed (${refused} were throttled): ${failed[0]}`];
}
