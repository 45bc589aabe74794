import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "../forky/root.js";
import { type CommandOptions, type CommandResult, command, succeed } from "./command.js";

/** Debian's, of the machine or of its testing suite; another `docker` may stand first in PATH. */
const DOCKER = "/usr/bin/docker";
const DOCKERD = "/usr/sbin/dockerd";

/** Where an engine's programs come from and what it is told. */
export interface EngineOptions {
  /** A root of Debian's testing suite (forky/root.ts); the machine's own by default. */
  readonly root?: string | undefined;
  /** Added to dockerd's command line. */
  readonly more?: readonly string[];
}

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
  /** The command line of its client. */
  readonly #client: readonly string[];

  /** `address`: `unix:///path`; `root`: where its client comes from, as in EngineOptions */
  constructor(address: string, root?: string) {
    this.#address = address;
    this.#client = [...inRoot(root), DOCKER];
  }

  /** Runs `docker ARGS`, whatever its exit code. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const [program, ...before] = this.#client;
    const env = { ...options.env, DOCKER_HOST: this.#address };
    return command(program!, [...before, ...args], { ...options, env });
  }

  /** Runs `docker ARGS`, which must succeed; returns its standard output. */
  async docker(...args: readonly string[]): Promise<string> {
    const result = await this.run(args);
    if (result.code !== 0)
      throw new Error(`docker ${args.join(" ")} ended with ${result.code}:\n${result.output}`);
    return result.stdout;
  }

  /** The bytes of `docker save`: the configuration, and every layer as an uncompressed archive. */
  async *saved(image: string): AsyncIterable<Buffer> {
    const env = { ...process.env, DOCKER_HOST: this.#address };
    const [program, ...before] = this.#client;
    const child = spawn(program!, [...before, "save", image], { stdio: ["ignore", "pipe", "inherit"], env });
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
    return this.run(args, { env: { ...request.env, DOCKER_BUILDKIT } });
  }

  /** Makes an image of a folder; `changes` are Dockerfile instructions (`ENV A=b`). */
  async importImage(root: string, names: readonly string[], changes: readonly string[]): Promise<void> {
    const [first, ...others] = names;
    const script = 'root=$1; shift; tar -C "$root" -cf - . | "$@"';
    const options = changes.flatMap((change) => ["--change", change]);
    await succeed("sh", ["-c", script, "sh", root, ...this.#client, "import", ...options, "-", first!], {
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
export async function startEngine(folder: string, options: EngineOptions = {}): Promise<RunningEngine> {
  mkdirSync(folder, { recursive: true });
  const address = `unix://${join(folder, "docker.sock")}`;
  const log = join(folder, "dockerd.log");
  const places = ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")];
  const output = openSync(log, "w");
  const settings = ["--host", address, ...places, "--pidfile", join(folder, "dockerd.pid")];
  const [program, ...args] = [...inRoot(options.root), DOCKERD, ...settings, ...(options.more ?? [])];
  const engine = new Engine(address, options.root);
  const child = spawn(program!, args, { stdio: ["ignore", output, output] });
  closeSync(output);
  let failure: string | undefined;
  child.once("error", (error) => {
    failure = error.message;
  });
  const deadline = Date.now() + 180_000;
  while ((await engine.run(["version"])).code !== 0) {
    if (child.exitCode !== null) failure = `dockerd ended with ${child.exitCode}`;
    if (Date.now() > deadline) failure = "dockerd did not answer in 180 s";
    if (failure !== undefined) {
      await end(child);
      throw new Error(`${failure}\n${readFileSync(log, "utf8")}`);
    }
    await sleep(100);
  }
  return { engine, address, close: () => end(child) };
}
