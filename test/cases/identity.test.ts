import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { layOut } from "../parity/identity/bed/lay-out.js";
import { observe } from "../parity/identity/bed/observe.js";
import { Recorder } from "../parity/identity/bed/recorder.js";
import type { Observed } from "../parity/identity/observed.js";
import { outcomeOf } from "../parity/identity/outcome.js";
import { PINNED } from "../parity/identity/pinned.js";
import { CONTROL, SET_UPS } from "../parity/identity/table.js";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

const folder = temporaryFolder();
const home = folder.at("home");
const recorder = new Recorder();
let url: string;

beforeAll(async () => {
  url = `http://127.0.0.1:${await recorder.listen(0, "127.0.0.1")}`;
});
afterAll(async () => {
  await recorder.close();
  folder.remove();
});

/** The container's endpoint is on loopback as well: its own address is not to be had here. */
function onLoopback({ [RELATIVE]: path, ...env }: Readonly<Record<string, string | undefined>>) {
  return path ? { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}${path}` } : env;
}

/** Where S3 and STS are is the same in all of these. */
function placed({ host, ...observed }: Observed): Observed {
  const steps = observed.steps.map((step) => ({
    ...step,
    host: step.host.replace(url, "https://sts.us-east-1.amazonaws.com"),
  }));
  return { ...observed, steps };
}

/** What the built file does of a set-up, in the words of `outcomeOf`, and its standard error. */
async function outcomeOfSetUp(title: string): Promise<{ outcome: string; stderr: string }> {
  const setUp = SET_UPS.find((one) => one.title === title)!;
  const { args, env, stdin } = layOut(setUp, "ours", home);
  recorder.take();
  const { code, stderr } = await runBuilt(args, {
    cwd: home,
    input: stdin,
    env: {
      HOME: home,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: url,
      // An instance that would give keys to whoever asks.
      AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
      ...onLoopback(env),
    },
  });
  return { outcome: outcomeOf(placed(observe(recorder.take(), code ?? -1))), stderr };
}

describe("whose keys, by the built file alone", () => {
  // Without it, a product that always stops would be right in many.
  beforeAll(async () => expect((await outcomeOfSetUp(CONTROL)).outcome).toBe("environment"));

  it.each(Object.entries(PINNED))("%s: %s", async (title, expected) => {
    const { outcome, stderr } = await outcomeOfSetUp(title);
    expect(outcome, stderr).toBe(expected);
    if (expected === "stops") expect(stderr).toMatch(/^fetch-creds: \S/m);
  });
});
