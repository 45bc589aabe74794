import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { runFile } from "../support/bundle/run-file.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const folder = temporaryFolder();
let endpoint: CredentialEndpoint;

beforeAll(async () => {
  chmodSync(folder.path, 0o755);
  endpoint = await startCredentialEndpoint();
});
afterAll(async () => {
  await endpoint.close();
  folder.remove();
});

/** A copy of the file, all alone in a folder of its own, but for the package.json given. */
function placed(name: string, packageJson?: object): string {
  const file = folder.at(name, "fetch-creds.js");
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(BUILT_FILE, file);
  if (packageJson) writeFileSync(folder.at(name, "package.json"), JSON.stringify(packageJson));
  return file;
}

const verify = (file: string, options: Parameters<typeof runFile>[2] = {}) =>
  runFile(file, ["verify", "--json", "--uri", endpoint.uri], options);

const verified = { code: 0, stdout: expect.stringContaining('"arn:aws:'), stderr: "" };

describe("the file runs", () => {
  it.each([
    ["beside no package.json", undefined],
    ["beside a package.json that says module", { type: "module" }],
    ["beside a package.json that says commonjs", { type: "commonjs" }],
    ["beside a package.json without a type", { name: "app" }],
  ])("%s", async (name, packageJson) => {
    expect(await verify(placed(name, packageJson))).toMatchObject(verified);
  });

  it.each([
    ["module", { type: "module" }],
    ["commonjs", { type: "commonjs" }],
  ])("with its S3 side, under type %s", async (type, packageJson) => {
    const { code, stdout } = await runFile(placed(`S3 under ${type}`, packageJson), ["cp", "--help"]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("s3://") });
  });

  it("from a path with spaces, quotes and letters from everywhere", async () => {
    expect(await verify(placed("a b'c\"d éß漢"))).toMatchObject(verified);
  });

  it("from a read-only folder, and leaves nothing beside itself", async () => {
    const file = placed("read-only");
    chmodSync(file, 0o444);
    chmodSync(dirname(file), 0o555);
    expect(await verify(file, { cwd: dirname(file) })).toMatchObject(verified);
    expect(readdirSync(dirname(file))).toEqual(["fetch-creds.js"]);
  });

  it("by itself, as an executable", () => {
    const { status, stdout } = spawnSync(placed("executable"), ["--version"], { encoding: "utf8" });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining("fetch-creds") });
  });

  it("through a symbolic link, as npm installs it", async () => {
    symlinkSync(placed("linked"), folder.at("fetch-creds"));
    expect(await verify(folder.at("fetch-creds"))).toMatchObject(verified);
  });

  it("without HOME or any other variable", async () => {
    expect(await verify(placed("bare"), { env: {} })).toMatchObject(verified);
  });

  it.skipIf(process.getuid?.() !== 0)("as a uid that no one knows", async () => {
    const file = placed("uid");
    // Whatever the umask left.
    chmodSync(dirname(file), 0o755);
    chmodSync(file, 0o644);
    expect(await verify(file, { uid: 54_321, gid: 54_321, cwd: "/" })).toMatchObject(verified);
  });

  it("from a working directory that is gone", async () => {
    const file = placed("gone");
    mkdirSync(folder.at("short-lived"));
    const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" verify --uri "$4"';
    const { code, stderr } = await runFile(
      "-c",
      [script, "sh", folder.at("short-lived"), process.execPath, file, endpoint.uri],
      { node: "/bin/sh" },
    );
    // Node itself refuses to start there before 22; where it starts, so do we.
    if (!stderr.includes("uv_cwd")) expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
