import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { importGraph } from "../support/bundle/import-graph.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { runBuilt } from "../support/run-built.js";
import { startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const PRELOAD = resolve(import.meta.dirname, "../support/bundle/note-compiled-parts.cjs");
const graph = importGraph("src");

/** What HTTP and AWS have in common for credentials and for S3: each costs every start. */
const SHARED = [
  "src/http/certificate-codes.ts",
  "src/http/reading-rules.ts",
  "src/http/request-text.ts",
  "src/http/response-head.ts",
  "src/http/response-reader.ts",
  "src/http/response.ts",
  "src/http/unreadable-response.ts",
];

/** And what only some runs need of it. */
const SHARED_LATE = ["src/aws/region.ts", "src/http/retry-after.ts"];

/** What is reached from a file, also by import(), but not what is behind the door to S3. */
function withLateParts(file: string): string[] {
  const reached = new Set(graph.reachedFrom(file));
  for (const next of reached)
    for (const late of graph.lazyOf(next).filter((target) => target !== "src/s3-side.ts"))
      for (const target of graph.reachedFrom(late)) reached.add(target);
  return [...reached].sort();
}

describe("what every start parses", () => {
  const parsed = graph.reachedFrom("src/main.ts");

  it("is of verify alone: export and exec, with all that they need, are compiled when they are asked for", () => {
    expect(parsed).toContain("src/commands/verify.ts");
    expect(parsed.filter((file) => /^src\/(exec|formats|commands\/(export|exec))\b/.test(file))).toEqual([]);
  });
});

it("what every start parses has no #private names, of which esbuild makes WeakMaps for Node 12", () => {
  const code = readFileSync(BUILT_FILE, "utf8");
  expect(code.slice(0, code.indexOf("// The part "))).not.toContain("__private");
});

describe("the credential side in src", () => {
  const side = withLateParts("src/main.ts");

  it("imports nothing of the S3 side", () => {
    expect(side.filter((file) => file.startsWith("src/s3"))).toEqual([]);
  });

  it("shares a few files with it, and no more", () => {
    const shared = (files: readonly string[]) =>
      files.filter((file) => /^src\/(aws|http)\//.test(file)).sort();
    expect(shared(graph.reachedFrom("src/main.ts"))).toEqual(SHARED);
    expect(shared(side)).toEqual([...SHARED, ...SHARED_LATE].sort());
  });

  it("imports no package", () => {
    const packages = side
      .flatMap((file) => graph.packagesOf(file))
      .filter((name) => !name.startsWith("node:"));
    expect(packages).toEqual([]);
  });

  it("is where every import() that is not of S3 stays rare", () => {
    const doors = side.flatMap((file) => graph.lazyOf(file)).filter((file) => file.startsWith("src/s3/"));
    expect(doors, "only src/s3-side.ts is a door to src/s3").toEqual([]);
  });
});

it("packages are imported below src/s3 alone", () => {
  const importers = graph.files.filter((file) =>
    graph.packagesOf(file).some((name) => !name.startsWith("node:")),
  );
  expect(importers.filter((file) => !file.startsWith("src/s3/"))).toEqual([]);
});

/** The S3 side and the libraries in it; what else is compiled late is small and ours (help, exec). */
const ofS3 = (part: string) => /^fetch-creds:(sdk$|src\/s3)/.test(part);

/** By which name a module of ours is compiled. */
const partNamed = (path: string) => `fetch-creds:src/${path}.ts`;

describe("the built file", () => {
  let endpoint: CredentialEndpoint;
  const folder = temporaryFolder();
  beforeAll(async () => {
    endpoint = await startCredentialEndpoint();
  });
  afterAll(async () => {
    await endpoint.close();
    folder.remove();
  });

  let runs = 0;
  /** The parts that a run compiles. */
  async function partsOf(
    args: readonly string[],
  ): Promise<{ parts: string[]; code: number | null; stderr: string }> {
    const note = folder.at(`run-${++runs}`);
    const env = { NOTE_PARTS: note };
    const { code, stderr } = await runBuilt(args, { env, nodeOptions: ["-r", PRELOAD] });
    return { code, stderr, parts: existsSync(note) ? readFileSync(note, "utf8").trim().split("\n") : [] };
  }

  it.each([
    { args: ["verify"] },
    { args: ["export"] },
    { args: ["export", "--format", "process"] },
    { args: ["exec"], command: ["--", process.execPath, "-e", "0"] },
  ])("compiles nothing of the S3 side for $args", async ({ args, command = [] }) => {
    const { parts, code, stderr } = await partsOf([...args, "--uri", endpoint.uri, ...command]);
    expect({ needless: parts.filter(ofS3), code, stderr }).toMatchObject({ needless: [], code: 0 });
  });

  it("loads of Node's modules, for verify, the network and what it is made of, and none that costs more", async () => {
    const note = folder.at("modules");
    const { code } = await runBuilt(["verify", "--uri", endpoint.uri], {
      env: { NOTE_MODULES: note },
      nodeOptions: ["-r", resolve(import.meta.dirname, "../support/bundle/note-loaded-modules.cjs")],
    });
    const loaded = readFileSync(note, "utf8").split("\n");
    expect({ code, net: loaded.includes("net") }).toEqual({ code: 0, net: true });
    expect(
      loaded.filter((name) => !/^(net|stream|stream\/.*|string_decoder|diagnostics_channel)$/.test(name)),
    ).toEqual([]);
  });

  it.each([["--help"], ["--version"]])("compiles nothing of the S3 side for %s", async (argument) => {
    const { parts, code } = await partsOf([argument]);
    expect({ parts: parts.filter(ofS3), code }).toEqual({ parts: [], code: 0 });
  });

  it("copies an object down without the SDK, and without what other copies need", async () => {
    const server = await startS3Server({ buckets: ["b"], keys: endpoint.keys });
    server.put("b", "k", "hello");
    const { parts, code, stderr } = await partsOf([
      ...["cp", "s3://b/k", folder.at("k"), "--endpoint-url", server.url, "--uri", endpoint.uri],
    ]);
    await server.close();
    const needless =
      /sdk$|src\/(doctor|s3\/copies|s3\/uploads\/(upload|multipart)\.ts|s3\/plan\/(sync|ls|tree-\w+)\.ts)/;
    expect({ code, stderr, needless: parts.filter((part) => needless.test(part)) }).toEqual({
      code: 0,
      stderr: "",
      needless: [],
    });
    expect(parts).toEqual(expect.arrayContaining(["s3-side", "s3/downloads/download"].map(partNamed)));
    expect(new Set(parts).size, "each is compiled once").toBe(parts.length);
  });

  it("loads for a download over http nothing of TLS, UDP or compression", async () => {
    const server = await startS3Server({ buckets: ["b"], keys: endpoint.keys });
    server.put("b", "k", "hello");
    const note = folder.at("modules of cp");
    const { code } = await runBuilt(
      ["cp", "s3://b/k", folder.at("k"), "--endpoint-url", server.url, "--uri", endpoint.uri],
      {
        env: { NOTE_MODULES: note },
        nodeOptions: ["-r", resolve(import.meta.dirname, "../support/bundle/note-loaded-modules.cjs")],
      },
    );
    await server.close();
    const loaded = readFileSync(note, "utf8").split("\n");
    expect({ code, crypto: loaded.includes("crypto") }).toEqual({ code: 0, crypto: true });
    expect(
      loaded.filter((name) => /^_?(tls|https?|dgram|zlib|child_process|worker_threads)/.test(name)),
    ).toEqual([]);
  });

  it("compiles the S3 side for cp, so that the watch above is awake", async () => {
    const { parts } = await partsOf(["cp", "--help"]);
    expect(parts).toContain("fetch-creds:src/s3-side.ts");
  });
});
