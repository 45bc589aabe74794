import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { BUILT_FILE } from "../test/support/built-file.js";
import { CERTIFICATE_FILE } from "../test/support/certificate/certificate.js";
import { forkyRoot, inRoot } from "../test/support/forky/root.js";

/** What a case asks of a program: one side is in the bucket, the other a local path. */
export interface Task {
  readonly kind: "object-down" | "object-up" | "tree-down" | "tree-up" | "copy" | "sync" | "list" | "verify";
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** `bench/large.bin`: bucket and key, or bucket and prefix. */
  readonly remote: string;
  /** A path; of a copy, bucket and key as well. */
  readonly local: string;
  /** Of a tree: what is below the prefix, for a program that lists nothing. */
  readonly names?: readonly string[];
}

/** A program that the benchmark runs. `command` is undefined for what it cannot do. */
export interface Client {
  readonly name: string;
  readonly version: string;
  readonly command: (task: Task) => readonly string[] | undefined;
}

/** Keys that nginx does not look at; the same variables serve every program. */
export const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_EC2_METADATA_DISABLED: "true",
  LC_ALL: "C.UTF-8",
};

export const OURS: Client["command"] = (task) => {
  const trust = task.endpoint.startsWith("https:") ? ["--ca-bundle", CERTIFICATE_FILE] : [];
  const endpoint = ["--endpoint-url", task.endpoint, ...trust];
  const program = [process.execPath, BUILT_FILE];
  const remote = `s3://${task.remote}`;
  if (task.kind === "verify") return [...program, "verify"];
  if (task.kind === "list") return [...program, "ls", remote, "--recursive", ...endpoint];
  if (task.kind === "copy")
    return [...program, "cp", remote, `s3://${task.local}`, "--only-show-errors", ...endpoint];
  const verb = task.kind === "sync" ? "sync" : "cp";
  const paths = task.kind.endsWith("-up") ? [task.local, remote] : [remote, task.local];
  const recursive = task.kind.startsWith("tree") ? ["--recursive"] : [];
  return [...program, verb, ...paths, ...recursive, "--only-show-errors", ...endpoint];
};

/** The AWS CLI takes the same words. `program`: what stands before them. */
function awsCli(program: readonly string[]): Client["command"] {
  return (task) => (task.kind === "verify" ? undefined : [...program, "s3", ...OURS(task)!.slice(2)]);
}

/** Programs that send or receive one object, as they are called here, on one connection. */
export const ONE_STREAM: readonly string[] = ["curl", "rclone"];

export const CRT_NAME = "AWS CLI, CRT";

/** The AWS CLI's other client, which only transfers differ by. */
function crt(program: readonly string[]): Client["command"] {
  const other = awsCli([...CRT, ...program]);
  return (task) => (task.kind === "list" || task.kind === "sync" ? undefined : other(task));
}

const CRT = ["env", `AWS_CONFIG_FILE=${join(import.meta.dirname, "../test/parity/bed/crt.config")}`];

const S5CMD: (path: string) => Client["command"] = (path) => (task) => {
  const program = [path, "--endpoint-url", task.endpoint, "--no-verify-ssl", "--log", "error"];
  const remote = `s3://${task.remote}`;
  if (task.kind === "verify") return undefined;
  if (task.kind === "copy") return [...program, "cp", remote, `s3://${task.local}`];
  if (task.kind === "list") return [...program, "ls", `${remote}*`];
  if (task.kind === "sync") return [...program, "sync", "--size-only", `${remote}*`, `${task.local}/`];
  if (task.kind === "tree-down") return [...program, "cp", `${remote}*`, `${task.local}/`];
  if (task.kind === "tree-up") return [...program, "cp", `${task.local}/`, remote];
  return [...program, "cp", ...(task.kind === "object-up" ? [task.local, remote] : [remote, task.local])];
};

const RCLONE: (program: readonly string[]) => Client["command"] = (program) => (task) => {
  const remote = `:s3:${task.remote}`;
  const options = [
    ["--s3-provider", "Other", "--s3-env-auth", "--s3-region", "us-east-1", "--s3-endpoint", task.endpoint],
    [
      "--s3-force-path-style",
      "--s3-no-check-bucket",
      "--s3-list-version",
      "2",
      "--fast-list",
      "--s3-no-head",
    ],
    ["--s3-disable-checksum", "--ignore-checksum", "--no-check-certificate", "--transfers", "32"],
  ].flat();
  // Before it copies within S3, it looks for what it will have written: our server has forgotten that.
  if (task.kind === "verify" || task.kind === "copy") return undefined;
  if (task.kind === "list") return [...program, "lsl", remote, ...options];
  if (task.kind === "sync") return [...program, "sync", "--size-only", remote, task.local, ...options];
  const verb = task.kind.startsWith("tree") ? "copy" : "copyto";
  const paths = task.kind.endsWith("-up") ? [task.local, remote] : [remote, task.local];
  // Several streams of one upload would be looked for afterwards, in a store that forgets.
  const fresh = task.kind.endsWith("-up")
    ? ["--no-traverse", "--no-check-dest", "--multi-thread-streams", "0"]
    : [];
  return [...program, verb, ...paths, ...fresh, ...options];
};

const CURL: (path: string) => Client["command"] = (path) => (task) => {
  const url = `${task.endpoint}/${task.remote}`;
  const program = [path, "--fail", "--silent", "--show-error", "--cacert", CERTIFICATE_FILE];
  if (task.kind === "object-down") return [...program, "--output", task.local, url];
  if (task.kind === "object-up") return [...program, "--upload-file", task.local, url];
  if (task.kind !== "tree-down" || task.names === undefined) return undefined;
  return [...program, ...task.names.flatMap((name) => ["--output", `${task.local}/${name}`, url + name])];
};

/** The Node that does nothing: a floor for every program that it runs. */
export const NODE: Client = {
  name: "node -e 0",
  version: process.version,
  command: () => [process.execPath, "-e", "0"],
};

function find(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function firstLine(command: readonly string[]): string {
  const [program, ...args] = command;
  return execFileSync(program!, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).split(
    "\n",
  )[0]!;
}

/** Ours first, then whatever is installed; the AWS CLI and rclone of Debian's testing suite go before others. */
export async function installedClients(): Promise<Client[]> {
  const clients: Client[] = [
    { name: "fetch-creds", version: firstLine([process.execPath, BUILT_FILE, "--version"]), command: OURS },
  ];
  const curl = find("curl");
  if (curl) clients.push({ name: "curl", version: firstLine([curl, "--version"]), command: CURL(curl) });
  const s5cmd = process.env.S5CMD ?? find("s5cmd");
  if (s5cmd) clients.push({ name: "s5cmd", version: firstLine([s5cmd, "version"]), command: S5CMD(s5cmd) });
  const inside = inRoot(await forkyRoot());
  const command = (name: string) => {
    const found = inside.length > 0 ? `/usr/bin/${name}` : find(name);
    return found === undefined ? undefined : [...inside, found];
  };
  const rclone = command("rclone");
  if (rclone) {
    clients.push({ name: "rclone", version: firstLine([...rclone, "version"]), command: RCLONE(rclone) });
  }
  const aws = command("aws");
  if (aws) {
    const version = firstLine([...aws, "--version"]);
    clients.push({ name: "AWS CLI", version, command: awsCli(aws) });
    clients.push({ name: CRT_NAME, version, command: crt(aws) });
  }
  return clients;
}
