import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { BUILT_FILE } from "../../support/built-file.js";
import { forkyRoot, inRoot } from "../../support/forky/root.js";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.js";
import { type Run, runProgram } from "./run-program.js";
import { type ParityServer, startParityServer } from "./server.js";

/** Who is run: the AWS CLI, the same with `preferred_transfer_client = crt`, or fetch-creds. */
export type Who = "aws" | "crt" | "ours";

/** Both programs in one folder, before one bucket of a real S3. */
export interface TwoPrograms {
  readonly server: ParityServer;
  readonly folder: TemporaryFolder;
  /** Runs a program of the root that has the AWS CLI. */
  inTheRoot(...command: readonly string[]): Promise<Run>;
  /** Runs `aws WORDS`. */
  aws(...words: readonly string[]): Promise<Run>;
  /** Runs `cp ARGS` by one of them, without progress. */
  cp(who: Who, ...args: readonly string[]): Promise<Run>;
  close(): Promise<void>;
}

const CRT = { AWS_CONFIG_FILE: `${import.meta.dirname}/crt.config` };

/** Starts the server, and makes the bucket; throws where the AWS CLI that is the reference is not to be had. */
export async function startTwoPrograms(bucket: string): Promise<TwoPrograms> {
  const root = await forkyRoot();
  if (root === undefined)
    throw new Error("Debian's testing suite, whose AWS CLI is the reference, is not here.");
  const server = await startParityServer();
  await server.client.send(new CreateBucketCommand({ Bucket: bucket }));
  const folder = temporaryFolder();
  const env = {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    AWS_ACCESS_KEY_ID: server.accessKey,
    AWS_SECRET_ACCESS_KEY: server.secretKey,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const run = (command: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runProgram(command, { cwd: folder.path, stdin: "", env: { ...env, ...more } });
  const endpoint = ["--endpoint-url", server.url];
  const cli = [...inRoot(root), "/usr/bin/aws"];
  return {
    server,
    folder,
    inTheRoot: (...command) => run([...inRoot(root), ...command]),
    aws: (...words) => run([...cli, ...words, ...endpoint]),
    cp: (who, ...args) => {
      const program = who === "ours" ? [process.execPath, BUILT_FILE] : [...cli, "s3"];
      return run([...program, "cp", ...args, "--no-progress", ...endpoint], who === "crt" ? CRT : {});
    },
    async close() {
      folder.remove();
      await server.close();
    },
  };
}
