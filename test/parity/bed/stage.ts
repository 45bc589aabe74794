import { join } from "node:path";
import { BUILT_FILE } from "../../support/built-file.js";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import type { ParityLine } from "../line.js";
import { errorLines, type Names, normaliseErrors, normaliseOutput, type ObjectTimes } from "../normalise.js";
import { splitCommand } from "../split-command.js";
import { type ProgramOptions, type Run, runProgram } from "./run-program.js";
import type { ParityServer } from "./server.js";
import { makeBucket, makeFiles } from "./set-up.js";
import { fileTimes, objectTimes, type Snapshot, snapshotFiles, snapshotObjects, textOf } from "./snapshot.js";

/** What all stages share. */
export interface Bed {
  readonly server: ParityServer;
  /** What stands before `s3 …` to run the AWS CLI. */
  readonly awsCli: readonly string[];
  /** The working folders are in it. */
  readonly folder: string;
}

/** The AWS CLI, the same with `preferred_transfer_client = crt`, or fetch-creds. */
export type Program = "aws" | "crt" | "ours";

const CRT_CONFIG = join(import.meta.dirname, "crt.config");

/** What one run of a line showed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: readonly string[];
  /** What failed or was skipped. */
  readonly stderr: readonly string[];
  /** All of standard error, with the same names for both programs. */
  readonly errorLines: readonly string[];
  readonly files: Snapshot;
  readonly objects: Snapshot;
  /** As it came, for messages. */
  readonly run: Run;
}

/** One line set up for one program: its own folder and buckets. */
export class Stage {
  readonly #server: ParityServer;
  readonly #awsCli: readonly string[];
  readonly #line: ParityLine;
  readonly #program: Program;
  readonly #folder: string;
  readonly #bucket: string;
  readonly #other: string | undefined;

  constructor(bed: Bed, line: ParityLine, index: number, program: Program) {
    this.#server = bed.server;
    this.#awsCli = bed.awsCli;
    this.#line = line;
    this.#program = program;
    const name = `${program[0]}${String(index).padStart(4, "0")}`;
    this.#folder = join(bed.folder, name);
    this.#bucket = `parity-${name}-first`;
    const needsOther = line.otherObjects !== undefined || line.command.includes("OTHER");
    this.#other = needsOther ? `parity-${name}-other` : undefined;
  }

  async prepare(): Promise<void> {
    makeFiles(this.#folder, this.#line.files);
    await makeBucket(this.#server.client, this.#bucket, this.#line.objects);
    if (this.#other !== undefined)
      await makeBucket(this.#server.client, this.#other, this.#line.otherObjects);
  }

  /** @param more options behind those of the line */
  async run(...more: readonly string[]): Promise<Outcome> {
    const { client } = this.#server;
    const filesBefore = fileTimes(this.#folder);
    const before = await objectTimes(client, this.#bucket);
    const otherBefore = this.#other === undefined ? new Map() : await objectTimes(client, this.#other);
    const run = await this.#execute(more);
    // Between buckets ours takes one request where the AWS CLI takes parts: how many there are is not compared.
    const isCopy = /s3:\/\/.* s3:\/\//.test(this.#line.command);
    const compared = { deep: this.#line.deep === true, parts: !isCopy };
    const objects: Record<string, Snapshot[string]> = {
      ...(await snapshotObjects(client, this.#bucket, before, compared)),
    };
    if (this.#other !== undefined) {
      const others = await snapshotObjects(client, this.#other, otherBefore, compared);
      for (const [key, described] of Object.entries(others)) objects[`OTHER/${key}`] = described;
    }
    const seconds = [...before.values(), ...otherBefore.values()].map((ms) => Math.floor(ms / 1000));
    const names = this.#names();
    const errors = errorLines(run.stderr, names);
    return {
      code: run.code,
      stdout: this.#output(run, names, before),
      stderr: normaliseErrors(errors),
      errorLines: errors,
      files: snapshotFiles(this.#folder, filesBefore, new Set(seconds)),
      objects,
      run,
    };
  }

  /** What goes to `-` is compared byte for byte, by its digest. */
  #output(run: Run, names: Names, times: ObjectTimes): string[] {
    if (/ -( |$)/.test(this.#line.command) && !this.#line.command.startsWith("cp - "))
      return [textOf(run.stdout)];
    return normaliseOutput(run.stdout.toString(), names, times, this.#line.command.startsWith("ls"));
  }

  #names(): Map<string, string> {
    const names = new Map([
      [this.#folder, "FOLDER"],
      [this.#bucket, "BUCKET"],
    ]);
    if (this.#other !== undefined) names.set(this.#other, "OTHER");
    return names;
  }

  #fill(text: string): string {
    return text
      .replaceAll("BUCKET", this.#bucket)
      .replaceAll("OTHER", this.#other ?? "OTHER")
      .replaceAll("FOLDER", this.#folder)
      .replaceAll("HTTPS_URL", this.#server.httpsUrl)
      .replaceAll("URL", this.#server.url)
      .replaceAll("CERTIFICATE", CERTIFICATE_FILE);
  }

  #execute(more: readonly string[]): Promise<Run> {
    const words = splitCommand(this.#line.command).map((word) => this.#fill(word));
    const endpoint = this.#line.ownEndpoint ? [] : ["--endpoint-url", this.#server.url];
    const given = Object.entries(this.#line.env ?? {}).map(([name, value]) => [name, this.#fill(value)]);
    const options: ProgramOptions = {
      cwd: this.#folder,
      stdin: this.#line.stdin ?? "",
      env: {
        PATH: process.env.PATH,
        HOME: "/nonexistent",
        AWS_ACCESS_KEY_ID: this.#server.accessKey,
        AWS_SECRET_ACCESS_KEY: this.#server.secretKey,
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_EC2_METADATA_DISABLED: "true",
        ...(this.#program === "crt" ? { AWS_CONFIG_FILE: CRT_CONFIG } : {}),
        TZ: "UTC",
        LC_ALL: "C.UTF-8",
        ...Object.fromEntries(given),
      },
    };
    const args = [...words, ...endpoint, ...more];
    if (this.#program === "ours") return runProgram([process.execPath, BUILT_FILE, ...args], options);
    return runProgram([...this.#awsCli, "s3", ...args], options);
  }
}
