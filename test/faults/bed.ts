import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { type ConnectProxy, startConnectProxy } from "../support/fault-proxy/connect-proxy.js";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy/fault-proxy.js";
import { type RunOptions, type RunResult, runBuilt } from "../support/run-built.js";
import { parameter } from "../support/s3-server/s3-request.js";
import { type S3Server, type S3ServerOptions, startS3Server } from "../support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

/** How the built file reaches the server: each way has its own code below it. */
export type Way = "http" | "https" | "http through a proxy" | "https through a proxy";

export const WAYS: readonly Way[] = ["http", "https", "http through a proxy", "https through a proxy"];

/** A credential endpoint, a server, what breaks the connection between, and a folder to copy from and to. */
export interface Bed {
  readonly endpoint: CredentialEndpoint;
  readonly server: S3Server;
  readonly faults: FaultProxy;
  readonly folder: TemporaryFolder;
  /** Runs the built file with the keys of the endpoint and without progress, whose lines depend on time. */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    more?: Pick<RunOptions, "uid" | "gid" | "node" | "nodeOptions">,
  ): Promise<RunResult>;
  /** Every upload that was neither completed nor aborted, of all buckets. */
  openUploads(): number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What was at the target before. */
export const BEFORE = "what was there before\n";

function connection(way: Way, faults: FaultProxy, server: S3Server, tunnel: ConnectProxy | undefined) {
  switch (way) {
    case "http":
      return { AWS_ENDPOINT_URL: faults.url };
    case "https":
      return { AWS_ENDPOINT_URL: faults.url, AWS_CA_BUNDLE: faults.certificateFile };
    case "http through a proxy":
      return { AWS_ENDPOINT_URL: server.url, HTTP_PROXY: faults.url };
    case "https through a proxy":
      return {
        AWS_ENDPOINT_URL: faults.url,
        AWS_CA_BUNDLE: faults.certificateFile,
        HTTPS_PROXY: tunnel?.url ?? "",
      };
  }
}

/** Sets everything up; `await using` takes it down again. */
export async function makeBed(way: Way, options: S3ServerOptions = {}): Promise<Bed> {
  const endpoint = await startCredentialEndpoint();
  const server = await startS3Server({ keys: endpoint.keys, buckets: ["b"], ...options });
  const faults = await startFaultProxy(server.url, { tls: way.startsWith("https") });
  const tunnel = way === "https through a proxy" ? await startConnectProxy() : undefined;
  const folder = temporaryFolder();
  const env = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
    AWS_REGION: "us-east-1",
    ...connection(way, faults, server, tunnel),
  };
  return {
    endpoint,
    server,
    faults,
    folder,
    run: (args, added = {}, more = {}) =>
      runBuilt([...args, ...(args[0] === "ls" ? [] : ["--no-progress"])], {
        ...more,
        env: { ...env, ...added },
        cwd: folder.path,
        timeoutMs: 120_000,
      }),
    openUploads: () => server.bucket("b").uploads.size,
    async [Symbol.asyncDispose]() {
      await Promise.all([faults.close(), tunnel?.close()]);
      await Promise.all([endpoint.close(), server.close()]);
      folder.remove();
    },
  };
}

/** One clear line, which the last repeats where there were several transfers, its indented hints, and nothing that only a programmer could read. */
export function expectOneClearLine(result: RunResult, message: RegExp): void {
  const lines = result.stderr.split("\n").filter((line) => line !== "");
  const clear = lines.filter(
    (line) => !line.startsWith("  ") && !/^\d+ of \d+ transfers failed, /.test(line),
  );
  expect(clear, result.stderr).toHaveLength(1);
  expect(clear[0]).toMatch(/^(fetch-creds|fatal error|(download|upload|copy|delete) failed): /);
  expect(clear[0]).toMatch(message);
  expect(result.stderr).not.toMatch(/\n\s+at |undefined|\[object|Symbol\(|node:internal/);
}

/** How many requests: so many, or at least and at most. */
export type Count = number | readonly [least: number, most: number];

/** How often an operation was asked for, and how many of these requests the fault struck. */
export function expectTries(bed: Bed, operation: string, asked: Count, struck: number | "all"): void {
  const found = bed.faults.count(operation);
  const [least, most] = typeof asked === "number" ? [asked, asked] : asked;
  expect(found, `requests of ${operation}`).toBeGreaterThanOrEqual(least);
  expect(found, `requests of ${operation}`).toBeLessThanOrEqual(most);
  expect(bed.faults.struck(operation), `struck of these ${found}`).toBe(struck === "all" ? found : struck);
}

/** As `expectTries`, where a transfer ends with the first part that fails: how often that one was tried. */
export function expectTriesOfPart(bed: Bed, operation: string, asked: Count): void {
  const tries = new Map<string, number>();
  for (const request of bed.faults.requests) {
    if (request.operation !== operation) continue;
    const part = parameter(request, "partNumber") ?? "";
    tries.set(part, (tries.get(part) ?? 0) + 1);
  }
  const most = Math.max(0, ...tries.values());
  const [least, bound] = typeof asked === "number" ? [asked, asked] : asked;
  expect(most, `tries of a part, ${operation}`).toBeGreaterThanOrEqual(least);
  expect(most, `tries of a part, ${operation}`).toBeLessThanOrEqual(bound);
  expect(bed.faults.struck(operation), "all were struck").toBe(bed.faults.count(operation));
}

/** Nothing of ours is left beside the target. */
export function expectNoLeftovers(bed: Bed, expected: readonly string[]): void {
  expect(readdirSync(bed.folder.path).sort()).toEqual([...expected].sort());
}

/** Lays the file that must stay as it is when a download fails. */
export function layTarget(bed: Bed, name = "target"): string {
  writeFileSync(bed.folder.at(name), BEFORE);
  return bed.folder.at(name);
}

export function expectFile(path: string, content: Buffer | string): void {
  expect(existsSync(path), `${path} is there`).toBe(true);
  const found = readFileSync(path);
  expect(found.length).toBe(Buffer.from(content).length);
  expect(found.equals(Buffer.from(content)), "content").toBe(true);
}

/** The same bytes every time, no two blocks alike. */
export function patterned(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 0x2545f491;
  for (let at = 0; at + 4 <= size; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}
