import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CommandResult, command, succeed } from "./command.js";

/** Debian's; another `docker` may stand first in PATH. */
export const DOCKER = "/usr/bin/docker";
export const DOCKERD = "/usr/sbin/dockerd";

export interface BuildRequest {
  /** The build context. */
  readonly context: string;
  /** Below the context; `Dockerfile` by default. */
  readonly file?: string;
  readonly tag?: string;
  readonly target?: string;
  readonly builder?: "buildkit" | "classic";
  /** `NAME=VALUE`, or `NAME` for the value in `env`. */
  readonly buildArgs?: readonly string[];
  /** As `--secret` takes them. */
  readonly secrets?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly more?: readonly string[];
}

/** A running Docker engine, seen through its command line. */
export class Engine {
  readonly #address: string;

  /** `address`: `unix:///path` */
  constructor(address: string) {
    this.#address = address;
  }

  /** Runs `docker ARGS`, which must succeed; returns its standard output. */
  docker(...args: readonly string[]): Promise<string> {
    return succeed(DOCKER, args, { env: { DOCKER_HOST: this.#address } });
  }

  /** The bytes of `docker save`: the configuration, and every layer as an uncompressed archive. */
  async *saved(image: string): AsyncIterable<Buffer> {
    const env = { ...process.env, DOCKER_HOST: this.#address };
    const child = spawn(DOCKER, ["save", image], { stdio: ["ignore", "pipe", "inherit"], env });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    yield* child.stdout;
    if ((await ended) !== 0) throw new Error(`docker save ${image} failed`);
  }

  /** `docker build`: the log is in `output`, a failing build in `code`. */
  build(request: BuildRequest): Promise<CommandResult> {
    const classic = request.builder === "classic";
    const args = ["build", ...(classic ? [] : ["--progress", "plain"])];
    if (request.file !== undefined) args.push("--file", join(request.context, request.file));
    if (request.tag !== undefined) args.push("--tag", request.tag);
    if (request.target !== undefined) args.push("--target", request.target);
    for (const value of request.buildArgs ?? []) args.push("--build-arg", value);
    for (const value of request.secrets ?? []) args.push("--secret", value);
    args.push(...(request.more ?? []), request.context);
    const DOCKER_BUILDKIT = classic ? "0" : "1";
    return command(DOCKER, args, { env: { ...request.env, DOCKER_HOST: this.#address, DOCKER_BUILDKIT } });
  }

  /** Makes an image of a folder; `changes` are Dockerfile instructions (`ENV A=b`). */
  async importImage(root: string, names: readonly string[], changes: readonly string[]): Promise<void> {
    const [first, ...others] = names;
    const script = 'root=$1; shift; tar -C "$root" -cf - . | "$@"';
    const options = changes.flatMap((change) => ["--change", change]);
    await succeed("sh", ["-c", script, "sh", root, DOCKER, "import", ...options, "-", first!], {
      env: { DOCKER_HOST: this.#address },
    });
    for (const name of others) await this.docker("tag", first!, name);
  }
}

export interface RunningEngine {
  readonly engine: Engine;
  readonly address: string;
  close(): Promise<void>;
}

async function answers(address: string): Promise<boolean> {
  const result = await command(DOCKER, ["version"], { env: { DOCKER_HOST: address } });
  return result.code === 0;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

/**
 * Starts dockerd with everything it keeps below `folder`. Meant for namespaces of its own (own-namespaces.sh): it sets
 * up a bridge and firewall rules where it runs.
 */
export async function startEngine(folder: string): Promise<RunningEngine> {
  mkdirSync(folder, { recursive: true });
  const address = `unix://${join(folder, "docker.sock")}`;
  const log = join(folder, "dockerd.log");
  const places = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")];
  const output = openSync(log, "w");
  const args = ["--host", address, ...places, "--pidfile", join(folder, "dockerd.pid")];
  const child = spawn(DOCKERD, args, { stdio: ["ignore", output, output] });
  closeSync(output);
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  const deadline = Date.now() + 180_000;
  while (!(await answers(address))) {
    if (child.exitCode !== null) failure = `dockerd ended with ${child.exitCode}`;
    if (Date.now() > deadline) failure = "dockerd did not answer in 180 s";
    if (failure !== undefined) {
      await end(child);
      throw new Error(`${failure}\n${readFileSync(log, "utf8")}`);
    }
    await sleep(100);
  }
  return { engine: new Engine(address), address, close: () => end(child) };
}
