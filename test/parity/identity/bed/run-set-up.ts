import { BUILT_FILE } from "../../../support/built-file.js";
import { type ProgramOptions, runProgram } from "../../bed/run-program.js";
import type { Program, Run } from "../observed.js";
import type { SetUp } from "../set-up.js";
import type { AwsCli } from "./aws-cli.js";
import { layOut } from "./lay-out.js";
import { observe } from "./observe.js";
import type { Recorder } from "./recorder.js";

/** Where set-ups are run: a namespace with a recorder and the AWS CLI in it. */
export interface Bed {
  readonly recorder: Recorder;
  readonly cli: AwsCli;
  /** The home folder of every run. */
  readonly home: string;
  /** The recorder's. */
  readonly certificate: string;
}

/** Shell lines that put a folder's files under /run/secrets, seen by this process alone. */
const MOUNT_SECRETS =
  'mount -t tmpfs none /run && mkdir /run/secrets && cp "$0/"* /run/secrets/ && exec "$@"';

/** The AWS CLI waits a second for the instance, and asks once: too little on a busy machine. */
const PATIENT = { AWS_METADATA_SERVICE_TIMEOUT: "30", AWS_METADATA_SERVICE_NUM_ATTEMPTS: "2" };

/**
 * One set-up run by one program.
 *
 * @param whole  the AWS CLI as a program of its own, not as a fork of one that is loaded; that of a fork that was not done
 *   in time is run so as well
 */
export async function runSetUp(setUp: SetUp, program: Program, bed: Bed, whole: boolean): Promise<Run> {
  const { args, env, stdin, secrets } = layOut(setUp, program, bed.home);
  const all: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: bed.home,
    AWS_CA_BUNDLE: bed.certificate,
    AWS_REGION: "us-east-1",
    ...(program === "aws" ? PATIENT : {}),
    ...env,
  };
  for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
  const options: ProgramOptions = { cwd: bed.home, env: all, stdin };
  const mount = secrets === undefined ? [] : ["unshare", "-m", "sh", "-c", MOUNT_SECRETS, secrets];
  bed.recorder.take();
  const run =
    program === "ours"
      ? await runProgram([...mount, process.execPath, BUILT_FILE, ...args], options)
      : await bed.cli[whole ? "runWhole" : "run"](["s3", ...args], options);
  if (run === undefined) return runSetUp(setUp, program, bed, true);
  return { observed: observe(bed.recorder.take(), run.code), code: run.code, stderr: run.stderr };
}
