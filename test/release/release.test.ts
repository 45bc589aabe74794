import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bundledPackages } from "../../scripts/release/bundled-packages.js";
import { changesOf, unreleasedText } from "../../scripts/release/changelog.js";
import { homeOf } from "../../scripts/release/home.js";
import { sha256 } from "../../scripts/release/sha256.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** Made by scripts/release.ts, which `npm run release:dry` runs just before. */
const OUT = resolve("dist/release");
const packageJson = JSON.parse(readFileSync("package.json", "utf8"));
const { version, scripts } = packageJson;
const HOME = homeOf(packageJson);
const read = (name: string) => readFileSync(join(OUT, name));
const digest = sha256(read("fetch-creds.js"));

it("holds what a release uploads, and nothing else", () => {
  expect(readdirSync(OUT).sort()).toEqual(
    [
      "RELEASE-NOTES.md",
      "SHA256SUMS",
      "THIRD-PARTY-LICENSES.txt",
      "fetch-creds.cdx.json",
      "fetch-creds.js",
      `fetch-creds-${version}.oci.tar`,
      `fetch-creds-${version}.tgz`,
    ].sort(),
  );
});

it("SHA256SUMS is what sha256sum finds", () => {
  expect(
    execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: OUT, encoding: "utf8" }),
  ).toMatch(/^(.+: OK\n){5}$/);
});

it("fetch-creds.js says its own version and sha256", () => {
  const said = execFileSync(process.execPath, [join(OUT, "fetch-creds.js"), "--version"], {
    encoding: "utf8",
  });
  expect(said).toContain(version);
  expect(said).toContain(digest);
});

describe("the SBOM", () => {
  const sbom = JSON.parse(read("fetch-creds.cdx.json").toString());

  it("is CycloneDX 1.6 about this very file", () => {
    expect(sbom).toMatchObject({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      metadata: { component: { version, hashes: [{ alg: "SHA-256", content: digest }] } },
    });
  });

  it("names every bundled package with version, licence and the hash of the lockfile", async () => {
    const packages = await bundledPackages();
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["@aws-sdk/client-s3"]));
    expect(sbom.components.map((part: { purl: string }) => decodeURIComponent(part.purl))).toEqual(
      packages.map(({ name, version }) => `pkg:npm/${name}@${version}`),
    );
    for (const part of sbom.components) {
      expect(part.hashes[0].content).toMatch(/^[0-9a-f]{128}$/);
      expect(part.licenses[0].license?.id ?? part.licenses[0].expression).toMatch(/\w/);
    }
  });
});

describe("the npm package", () => {
  const tarball = join(OUT, `fetch-creds-${version}.tgz`);

  it("holds only what is needed", () => {
    const listed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").sort();
    expect(listed).toEqual([
      "package/CHANGELOG.md",
      "package/LICENSE",
      "package/README.md",
      "package/dist/THIRD-PARTY-LICENSES.txt",
      "package/dist/fetch-creds.js",
      "package/dist/package.json",
      "package/package.json",
    ]);
  });

  it("names the home, and the README in it has the lines of these bytes", () => {
    const packed = (name: string) =>
      execFileSync("tar", ["-xOzf", tarball, `package/${name}`], { encoding: "utf8" });
    expect(homeOf(JSON.parse(packed("package.json")))).toEqual(HOME);
    expect(packed("README.md")).toContain(`ADD --checksum=sha256:${digest} `);
  });

  it("installs without network or scripts, and runs as fetch-creds", () => {
    using folder = temporaryFolder();
    const flags = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", "--prefix", folder.path, ...flags, tarball], { cwd: folder.path });
    const command = folder.at("node_modules", ".bin", "fetch-creds");
    expect(execFileSync(command, ["--version"], { encoding: "utf8" })).toContain(digest);
    expect(readdirSync(folder.at("node_modules")).filter((name) => !name.startsWith("."))).toEqual([
      "fetch-creds",
    ]);
  });
});

describe("the image", () => {
  it("is an OCI layout whose every blob has its digest, with one file in its one layer", () => {
    using folder = temporaryFolder();
    execFileSync("tar", ["-xf", join(OUT, `fetch-creds-${version}.oci.tar`), "-C", folder.path]);
    const blob = (name: string) => readFileSync(folder.at("blobs", "sha256", name.replace("sha256:", "")));
    for (const name of readdirSync(folder.at("blobs", "sha256"))) expect(sha256(blob(name))).toBe(name);

    const top = JSON.parse(readFileSync(folder.at("index.json"), "utf8"));
    expect(top.manifests[0].annotations["org.opencontainers.image.ref.name"]).toBe(version);
    expect(top.manifests[0].annotations["io.containerd.image.name"]).toBe(`${HOME.image}:${version}`);
    const { manifests } = JSON.parse(blob(top.manifests[0].digest).toString());
    expect(manifests.map((entry: { platform: object }) => entry.platform)).toEqual([
      { architecture: "amd64", os: "linux" },
      { architecture: "arm64", os: "linux" },
    ]);
    for (const entry of manifests) {
      const manifest = JSON.parse(blob(entry.digest).toString());
      const { layers } = manifest;
      const { rootfs, config } = JSON.parse(blob(manifest.config.digest).toString());
      expect(config.Labels["org.opencontainers.image.source"]).toBe(HOME.address);
      expect(rootfs.diff_ids).toEqual([layers[0].digest]);
      const layer = folder.at("blobs", "sha256", layers[0].digest.replace("sha256:", ""));
      expect(execFileSync("tar", ["-tvf", layer], { encoding: "utf8" })).toMatch(
        /^-rwxr-xr-x 0\/0 +\d+ 1970-01-01 \S+ fetch-creds\.js\n$/,
      );
      expect(sha256(execFileSync("tar", ["-xOf", layer], { maxBuffer: 2 ** 24 }))).toBe(digest);
    }
  });
});

it("the notes carry the ready lines and what has changed", () => {
  const notes = read("RELEASE-NOTES.md").toString();
  const changelog = readFileSync("CHANGELOG.md", "utf8");
  expect(notes).toContain(`ADD --checksum=sha256:${digest} --chmod=755 `);
  expect(notes).toContain(`${HOME.address}/releases/download/v${version}/fetch-creds.js /fetch-creds.js`);
  expect(notes).toContain(`COPY --from=${HOME.image}:${version} `);
  expect(notes).toContain(`echo "${digest}  fetch-creds.js" | sha256sum -c`);
  const [, changes = ""] = notes.split("\n## Changes\n\n");
  expect(changes).toBe(`${changesOf(changelog, version, digest)}\n`);
  expect(changes).toMatch(/^- /m);
  // What is not released yet, or, when it is, nothing of another version.
  expect(changes).toContain(unreleasedText(changelog));
});

it("the last line says where the home is, and exits 0 while that is the placeholder", () => {
  const args = ["node_modules/tsx/dist/cli.mjs", "scripts/release-home.ts"];
  const said = execFileSync(process.execPath, args, { encoding: "utf8" });
  expect(said.includes("still the placeholder")).toBe(HOME.isPlaceholder);
  expect(scripts["release:dry"]).toMatch(/&& tsx scripts\/release-home\.ts$/);
});
