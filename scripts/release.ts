/**
 * First half of `npm run release:dry`: makes everything that a release uploads, in dist/release, and uploads nothing. The
 * workflow `release.yml` runs the same and then uploads.
 */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build/bundle.mjs";
import { withGetIt } from "./docs/readme.js";
import { buildTwice } from "./release/build-twice.js";
import { bundledPackages } from "./release/bundled-packages.js";
import { changelogEntries, changesOf } from "./release/changelog.js";
import { homeOf } from "./release/home.js";
import { notes } from "./release/notes.js";
import { ociImage } from "./release/oci-image.js";
import { sbom } from "./release/sbom.js";
import { sha256 } from "./release/sha256.js";

const out = join(ROOT, "dist", "release");
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const packageJson = JSON.parse(read("package.json"));
const { version } = packageJson;
const home = homeOf(packageJson);
const tag = process.env.GITHUB_REF_TYPE === "tag" ? process.env.GITHUB_REF_NAME : undefined;
if (tag !== undefined && tag !== `v${version}`) throw new Error(`tag ${tag} is not version ${version}`);
const changelog = read("CHANGELOG.md");
if (tag !== undefined && changelogEntries(changelog)[0]?.version !== version)
  throw new Error(`CHANGELOG.md has no dated entry for ${version}: npm run release:prepare`);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const workshop = mkdtempSync(join(ROOT, "dist", ".release-"));
try {
  const built = buildTwice(workshop);
  for (const name of ["fetch-creds.js", "THIRD-PARTY-LICENSES.txt"]) {
    copyFileSync(join(built, "dist", name), join(out, name));
  }
  const file = readFileSync(join(out, "fetch-creds.js"));
  const digest = sha256(file);
  const changes = changesOf(changelog, version, digest);
  // The package's page on npm has the very lines, too.
  writeFileSync(join(built, "README.md"), withGetIt(read("README.md"), { home, version, digest }));
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", out], {
    cwd: built,
    stdio: ["ignore", "ignore", "inherit"],
  });
  writeFileSync(join(out, `fetch-creds-${version}.oci.tar`), ociImage(file, { home, version }));
  writeFileSync(join(out, "fetch-creds.cdx.json"), sbom(await bundledPackages(), version, digest));
  const sums = readdirSync(out)
    .sort()
    .map((name) => `${sha256(readFileSync(join(out, name)))}  ${name}\n`);
  writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
  writeFileSync(join(out, "RELEASE-NOTES.md"), notes({ home, version, digest, changes }));
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
console.log(`Two clean builds gave the same bytes. dist/release holds what v${version} would upload:\n`);
console.log(readFileSync(join(out, "SHA256SUMS"), "utf8"));
console.log(readFileSync(join(out, "RELEASE-NOTES.md"), "utf8"));
