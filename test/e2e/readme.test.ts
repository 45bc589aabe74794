import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../support/key-ring.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";

const README = readFileSync("README.md", "utf8");
const [, GET_IT = ""] = README.match(/^## Get it\n([\s\S]*?)^## /m) ?? [];
const USE_IT = README.replace(GET_IT, "");

const PACKAGE = JSON.parse(readFileSync("package.json", "utf8"));
const VERSION: string = PACKAGE.version;

interface Releases extends AsyncDisposable {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
}

/** A server that has these files of every release. */
async function startReleases(files: Readonly<Record<string, Buffer | string>>): Promise<Releases> {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end(files[basename(url)]);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** The code blocks of a language, as they stand. */
function blocks(language: string, text = USE_IT): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , block = ""]) => block);
}

describe("the commands in the README", () => {
  let endpoint: CredentialEndpoint;
  let server: S3Server;

  beforeAll(async () => {
    const keys = new KeyRing();
    endpoint = await startCredentialEndpoint({ keys });
    server = await startS3Server({ keys, buckets: ["my-bucket"] });
    server.put("my-bucket", "app/settings.json", '{"color":"green"}\n');
    server.put("my-bucket", "app/assets/logo.svg", "<svg/>\n");
  });
  afterAll(() => Promise.all([endpoint.close(), server.close()]));

  /** A folder of one command alone, with the file. */
  function installed(): TemporaryFolder {
    const folder = temporaryFolder();
    copyFileSync(BUILT_FILE, folder.at("fetch-creds.js"));
    // `node` is the one under test.
    mkdirSync(folder.at("bin"));
    const node = process.env.FETCH_CREDS_NODE ?? process.execPath;
    writeFileSync(folder.at("bin", "node"), `#!/bin/sh\nexec "${node}" "$@"\n`, { mode: 0o755 });
    return folder;
  }

  function sh(line: string, folder: TemporaryFolder): Promise<{ code: number | null; output: string }> {
    const child = spawn("sh", ["-c", line], {
      cwd: folder.path,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: `${folder.at("bin")}:${process.env.PATH}`,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
        AWS_ENDPOINT_URL_S3: server.url,
        AWS_REGION: "us-east-1",
      },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
  }

  interface Done {
    /** The first words of the line. */
    readonly start: string;
    readonly output: RegExp;
    /** A file that it wants, with its content. */
    readonly wants?: readonly [name: string, content: string];
    /** A file that it makes. */
    readonly makes?: string;
  }

  /** What each line is there for: told on the terminal, or done. */
  const DONE: readonly Done[] = [
    { start: "node fetch-creds.js verify --expect", output: /"roleArn": "arn:aws:iam::/ },
    { start: "node fetch-creds.js verify", output: /^Role +arn:aws:iam::/ },
    { start: "eval", output: /^$/ },
    { start: "node fetch-creds.js exec", output: /^\d{4}-\d\d-\d\dT[\d:]+Z\n$/ },
    {
      start: "node fetch-creds.js cp s3://my-bucket/app/settings.json .",
      output: /^download: s3:.* to \.\/settings\.json\n$/m,
      makes: "settings.json",
    },
    {
      start: "node fetch-creds.js cp settings.json",
      output: /^upload: \.\/settings\.json to s3:/m,
      wants: ["settings.json", "to be uploaded"],
    },
    {
      start: "node fetch-creds.js sync",
      output: /^download: s3:.* to assets\/logo\.svg\n/m,
      makes: "assets/logo.svg",
    },
    { start: "node fetch-creds.js ls", output: /settings\.json\n/ },
    { start: "node fetch-creds.js cache-key", output: /^[0-9a-f]{64}\n$/ },
    {
      start: "node fetch-creds.js cp s3://my-bucket/app/settings.json - | grep",
      output: /^\{"color":"green"\}\n$/,
    },
  ];
  const LINES = blocks("sh").flatMap((block) => block.trim().split("\n"));

  /** The longest start that fits. */
  function expectedOf(line: string): Done | undefined {
    const fitting = DONE.filter(({ start }) => line.startsWith(start));
    return fitting.sort((a, b) => b.start.length - a.start.length)[0];
  }

  it.each(LINES)("%s", async (line) => {
    const expected = expectedOf(line);
    using folder = installed();
    if (expected?.wants !== undefined) writeFileSync(folder.at(expected.wants[0]), expected.wants[1]);
    const { code, output } = await sh(line, folder);
    expect({ line, code, output }).toEqual({
      line,
      code: 0,
      output: expect.stringMatching(expected?.output ?? /no line like it is known/),
    });
    if (expected?.makes !== undefined) expect(existsSync(folder.at(expected.makes))).toBe(true);
    if (line.endsWith("s3://my-bucket/backup/"))
      expect(server.object("my-bucket", "backup/settings.json")?.body.toString()).toBe("to be uploaded");
  });

  it("are all there", () => {
    expect(new Set(LINES.map(expectedOf))).toEqual(new Set(DONE));
  });
});

describe("what the README says that is printed", () => {
  const [shown = "", failure = ""] = blocks("text");

  it("verify in CodeBuild, but for the time and the address", async () => {
    // As CodeBuild names the role: no ARN, but an opaque text.
    const RoleArn = `AQICAH${Buffer.alloc(290, 7).toString("base64")}`;
    const endpoint = await startCredentialEndpoint({
      fields: { RoleArn, AccessKeyId: "ASIAQNZGKIQY56JQ7WML" },
    });
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri, AWS_REGION: "us-east-1" };
    const { code, stdout } = await runBuilt(["verify"], { env });
    await endpoint.close();
    const general = (text: string) =>
      text
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, "TIME")
        .replace(/_(RELATIVE|FULL)_URI \((secret file|environment variable)\)/, "_URI")
        .replace(/http:\/\/[\d.:]+/, "ADDRESS");
    expect(code).toBe(0);
    expect(general(stdout)).toBe(general(shown));
  });

  it("verify without a source", async () => {
    const { code, stderr } = await runBuilt(["verify"]);
    expect({ code, first: `${stderr.split("\n")[0]}\n` }).toEqual({ code: 253, first: failure });
  });

  it("--help has the exit codes of the reference, and the README links to them", async () => {
    const { stdout } = await runBuilt(["--help"]);
    const [, help = ""] = stdout.match(/^Exit codes:\n((?: {2}.*\n)+)/m) ?? [];
    const helped = [...help.matchAll(/^ {2}(\S+) +\S/gm)].map(([, code = ""]) => code);
    const reference = readFileSync("docs/reference.md", "utf8").split("## Exit codes")[1] ?? "";
    const codes = [...reference.matchAll(/^\| ([^|]+) \|/gm)].map(([, code = ""]) => code.trim());
    expect(helped.length).toBeGreaterThan(8);
    expect(codes.filter((code) => code !== "code")).toEqual(helped);
    expect(README).toContain("](docs/reference.md#exit-codes)");
  });
});

describe("the ways to get it that the README has", () => {
  const DIGEST = createHash("sha256").update(readFileSync(BUILT_FILE)).digest("hex");
  const [download = "", fromNpm = "", build = ""] = blocks("sh", GET_IT);

  /** Runs the lines in a folder of their own, where the release is. */
  async function downloaded(file: Buffer): Promise<{ code: number | null; output: string }> {
    const served: Record<string, Buffer | string> = {
      "fetch-creds.js": file,
      SHA256SUMS: `${"0".repeat(64)}  fetch-creds.cdx.json\n${DIGEST}  fetch-creds.js\n`,
    };
    await using server = await startReleases(served);
    using folder = temporaryFolder();
    const script = download.replaceAll(/https:\/\/github\.com\/[^/]+\/fetch-creds/g, server.url);
    expect(script).not.toContain("https:");
    const child = spawn("sh", ["-e", "-c", script], {
      cwd: folder.path,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, NO_PROXY: "127.0.0.1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    expect(server.asked).toEqual(Object.keys(served).map((name) => `/releases/download/v${VERSION}/${name}`));
    return { code, output };
  }

  it("curl takes the file of this version and checks it", async () => {
    expect(await downloaded(readFileSync(BUILT_FILE))).toEqual({ code: 0, output: "fetch-creds.js: OK\n" });
  });

  it("curl does not take another file for it", async () => {
    const { code, output } = await downloaded(Buffer.from("another file"));
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("fetch-creds.js: FAILED") });
  });

  it("ADD is pinned, COPY is of this version, and npm's file is where it is packed", () => {
    const [add = "", copy = ""] = blocks("dockerfile", GET_IT);
    expect(add).toMatch(/^ADD --checksum=sha256:(?:SHA256|[0-9a-f]{64}) --chmod=755 \\\n {4}https:/);
    expect(add).toContain(`/releases/download/v${VERSION}/fetch-creds.js /fetch-creds.js\n`);
    expect(copy).toMatch(/^COPY --from=ghcr\.io\/[a-z\d/._-]+:/);
    expect(copy).toContain(`:${VERSION} /fetch-creds.js /fetch-creds.js\n`);
    const { name, files, scripts } = PACKAGE;
    expect(fromNpm).toContain(`${name}@${VERSION}\n`);
    const [, packed] = fromNpm.match(/node_modules\/fetch-creds\/(\S+)/) ?? [];
    expect(files).toContain(packed);
    expect(build).toBe("npm ci --ignore-scripts && npm run build\n");
    expect(scripts).toHaveProperty("build");
  });
});

describe("the files in the README", () => {
  const recipes = readdirSync("docs/recipes", { recursive: true, encoding: "utf8" })
    .map((name) => join("docs/recipes", name))
    .filter((name) => /(Dockerfile|\.ya?ml)$/.test(name) && dirname(name) !== "docs/recipes");
  const texts = recipes.map((name) => readFileSync(name, "utf8"));

  // The recipes are built by a real engine in test:docker.
  it.each([...blocks("dockerfile"), ...blocks("yaml")])("stand in a recipe, word for word: %s", (block) => {
    expect(texts.some((text) => text.includes(block))).toBe(true);
  });
});

it("the two commands to begin with are scripts of package.json", () => {
  for (const [, name = ""] of README.matchAll(/npm (?:run )?(demo|test|build)\b/g))
    expect(PACKAGE.scripts).toHaveProperty(name);
});
