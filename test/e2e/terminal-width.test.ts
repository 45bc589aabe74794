import { spawn, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { startSlowLink } from "../../scripts/pictures/slow-link.js";
import { BUILT_FILE } from "../support/built-file.js";
import { startCredentialEndpoint } from "../support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../support/key-ring.js";
import { runBuilt } from "../support/run-built.js";
import { startS3Server } from "../support/s3-server/s3-server.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const HAS_SCRIPT = spawnSync("script", ["--version"]).error === undefined;
const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

interface Shown {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the built file on a pseudo-terminal of so many columns (util-linux's `script` makes it). */
function onTerminal(
  columns: number,
  args: string,
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
): Promise<Shown> {
  const line = `stty cols ${columns} rows 40; exec "${NODE}" "${BUILT_FILE}" ${args}`;
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd,
    env: { PATH: `${dirname(NODE)}:/usr/bin:/bin`, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

describe.skipIf(!HAS_SCRIPT)("on a terminal", () => {
  it.each([
    [40, "--help"],
    [40, "cp --help"],
    [60, "export --help"],
    [100, "sync --help"],
  ])("of %d columns, %s has no longer line but single words", async (columns, args) => {
    const { code, output } = await onTerminal(columns, args);
    const lines = output.replaceAll("\r", "").trimEnd().split("\n");
    expect(code).toBe(0);
    expect(lines.length).toBeGreaterThan(30);
    expect(lines.filter((line) => line.length > columns && !/^\S+(?: \\)?$/.test(line))).toEqual([]);
    // As wide as it may be.
    expect(Math.max(...lines.map(({ length }) => length))).toBeGreaterThan(columns - 8);
  });

  it("of 40 columns, cp shows how far it is in whole numbers", async () => {
    const keys = new KeyRing();
    const endpoint = await startCredentialEndpoint({ keys });
    const server = await startS3Server({ keys, buckets: ["my-bucket"] });
    server.put("my-bucket", "models/model.bin", Buffer.alloc(24 * 1024 ** 2));
    const link = await startSlowLink("127.0.0.1", server.port, 16 * 1024 ** 2);
    using folder = temporaryFolder();
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.uri,
      AWS_ENDPOINT_URL_S3: link.url,
      AWS_REGION: "us-east-1",
      TERM: "xterm",
    };
    const args = "cp s3://my-bucket/models/model.bin .";
    const { code, output } = await onTerminal(40, args, env, folder.path);
    link.close();
    await Promise.all([endpoint.close(), server.close()]);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("download: ") });
    const shown = [...output.matchAll(/\r\u001b\[K([^\r\u001b]+)/g)].map(([, line = ""]) => line.trim());
    const progress = shown.filter((line) => !line.startsWith("download: "));
    expect(progress.length).toBeGreaterThan(0);
    for (const line of progress) {
      expect(line.length).toBeLessThan(40);
      expect(line).toMatch(
        /^[\d.]+ (?:Bytes?|KiB|MiB) of ~?24\.0 MiB(?:, \d of ~?\d files?)?(?:, \d+ (?:s|min|h) left)?$/,
      );
    }
  });
});

describe("where there is no terminal", () => {
  it.each([
    ["ls --help", {}, 80],
    ["COLUMNS=60 ls --help", { COLUMNS: "60" }, 60],
  ])("%s", async (_, env, columns) => {
    const { stdout } = await runBuilt(["ls", "--help"], { env });
    const lengths = stdout
      .split("\n")
      .filter((line) => !/^\S+ \\$/.test(line))
      .map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(columns);
    expect(Math.max(...lengths)).toBeGreaterThan(columns - 8);
  });
});
