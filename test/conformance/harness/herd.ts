import { spawn } from "node:child_process";
import { BUILT_FILE } from "../../support/built-file.js";
import { startRawEndpoint } from "../../support/raw-endpoint/raw-endpoint.js";
import { answer } from "../../support/raw-endpoint/scripts.js";
import { GOOD_BODY } from "../cases/good-answer.js";

const PROCESSES = 200;
/** The ECS agent's own limits. */
const PER_SECOND = 40;
const BURST = 60;

/** 200 processes at once against an endpoint that throttles as ECS does. @returns what went wrong */
export async function runHerd(): Promise<string[]> {
  let tokens = BURST;
  let filled = performance.now();
  let refused = 0;
  const server = await startRawEndpoint("127.0.0.9", 80, () => {
    const now = performance.now();
    tokens = Math.min(BURST, tokens + ((now - filled) / 1000) * PER_SECOND);
    filled = now;
    if (tokens >= 1) {
      tokens--;
      return answer(200, GOOD_BODY);
    }
    refused++;
    return answer(429, "You have reached maximum request limit.\n", { "Content-Type": "text/plain" });
  });
  const node = process.env.FETCH_CREDS_NODE ?? process.execPath;
  const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.9/v2/credentials/herd" };
  const runs = Array.from({ length: PROCESSES }, () => {
    const child = spawn(node, [BUILT_FILE], { env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (part: Buffer) => {
      stderr += part.toString();
    });
    return new Promise<string | undefined>((resolve) => {
      child.once("close", (code) => resolve(code === 0 ? undefined : `${code}: ${stderr}`));
    });
  });
  const results = await Promise.all(runs);
  server.close();
  const failed = results.filter((result) => result !== undefined);
  return failed.length === 0
    ? []
    : [`${failed.length} of ${PROCESSES} failed (${refused} were throttled): ${failed[0]}`];
}
