import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy/fault-proxy.js";
import { startBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { signalLimit } from "../support/signal-limit.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";
import { until } from "../support/until.js";

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const LARGE = Buffer.alloc(12 * 1024 ** 2, "0123456789abcdef");

let endpoint: CredentialEndpoint;
let server: S3Server;
let faults: FaultProxy;
let folder: TemporaryFolder;

beforeEach(async () => {
  endpoint = await startCredentialEndpoint();
  server = await startS3Server({ keys: endpoint.keys, buckets: ["b"] });
  faults = await startFaultProxy(server.url);
  folder = temporaryFolder();
  server.put("b", "k", LARGE);
  server.put("b", "s", Buffer.from("small"));
  for (const name of ["a", "b", "c"]) server.put("b", `p/${name}`, LARGE);
  writeFileSync(folder.at("target"), "before");
});

afterEach(async () => {
  await faults.close();
  await Promise.all([server.close(), endpoint.close()]);
  folder.remove();
});

interface Stage {
  readonly what: string;
  readonly args: readonly string[];
  /** Holds the transfer at the stage. */
  readonly hold: () => void;
  /** Whether the stage is reached. */
  readonly reached: () => boolean;
}

const temporaryFiles = () =>
  readdirSync(folder.path, { recursive: true }).filter((name) => /fetch-creds$/.test(String(name)));

const stallAt =
  (operation: string, at: "before-answer" | "body", from = 1) =>
  () => {
    faults.plan = (request, count) =>
      request.operation === operation && count >= from ? { kind: "stall", at } : undefined;
  };

const came =
  (operation: string, count = 1) =>
  () =>
    faults.count(operation) >= count;

const DOWN = ["cp", "s3://b/k", "target", "--part-size", "5MiB"];
const UP = ["cp", "file", "s3://b/up", "--part-size", "5MiB"];

const STAGES: readonly Stage[] = [
  {
    what: "a download before its first byte",
    args: DOWN,
    hold: stallAt("GetObject", "before-answer"),
    reached: came("GetObject"),
  },
  {
    what: "a download in mid-body",
    args: DOWN,
    hold: stallAt("GetObject", "body"),
    reached: () => temporaryFiles().length > 0,
  },
  {
    what: "a recursive download",
    args: ["cp", "s3://b/p", "out", "--recursive", "--part-size", "5MiB"],
    hold: stallAt("GetObject", "body", 3),
    reached: () => came("GetObject", 3)() && temporaryFiles().length > 0,
  },
  {
    what: "a sync that is still listing",
    args: ["sync", "s3://b/p", "out"],
    hold: stallAt("ListObjectsV2", "body"),
    reached: came("ListObjectsV2"),
  },
  {
    what: "an upload in one request",
    args: ["cp", "small", "s3://b/up"],
    hold: stallAt("PutObject", "before-answer"),
    reached: came("PutObject"),
  },
  {
    what: "an upload in parts before the first",
    args: UP,
    hold: stallAt("UploadPart", "before-answer"),
    reached: came("UploadPart"),
  },
  {
    what: "an upload in parts in the middle",
    args: [...UP, "--concurrency", "1"],
    hold: stallAt("UploadPart", "before-answer", 2),
    reached: came("UploadPart", 2),
  },
  {
    what: "an upload whose creation is under way",
    args: UP,
    hold: () => {
      faults.plan = (request) =>
        request.operation === "CreateMultipartUpload" ? { kind: "drip", pieces: 4, pauseMs: 200 } : undefined;
    },
    reached: came("CreateMultipartUpload"),
  },
  {
    what: "a copy in S3",
    args: ["cp", "s3://b/s", "s3://b/up"],
    hold: stallAt("CopyObject", "before-answer"),
    reached: came("CopyObject"),
  },
  {
    what: "a copy in S3 in parts, in the middle",
    args: ["cp", "s3://b/k", "s3://b/up", "--concurrency", "1"],
    hold: stallAt("UploadPartCopy", "before-answer", 2),
    reached: came("UploadPartCopy", 2),
  },
];

describe.each(Object.entries(SIGNALS))("%s", (signal, code) => {
  it.each(STAGES)("ends $what cleanly", async ({ args, hold, reached }) => {
    writeFileSync(folder.at("file"), LARGE);
    writeFileSync(folder.at("small"), "small");
    hold();
    const began = performance.now();
    const { child, finished } = startBuilt(args, {
      cwd: folder.path,
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL: faults.url,
      },
    });
    await until(reached);
    const sent = performance.now();
    child.kill(signal as NodeJS.Signals);
    const result = await finished;
    expect(performance.now() - sent).toBeLessThan(signalLimit(sent - began));
    expect(result.code).toBe(code);
    expect(temporaryFiles()).toEqual([]);
    expect(readFileSync(folder.at("target"), "utf8")).toBe("before");
    expect(server.bucket("b").uploads.size).toBe(0);
    expect(server.object("b", "up")).toBeUndefined();
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});
