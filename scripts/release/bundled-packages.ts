import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, ROOT } from "../../build/bundle.mjs";

/** A package of npm whose code went into fetch-creds.js. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** As the lockfile has it: `sha512-…` in base64. */
  readonly integrity: string;
}

/** Every package whose code is in the bundle, by name. */
export async function bundledPackages(): Promise<BundledPackage[]> {
  const { inputs } = await bundle();
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const folders = new Set(
    [...inputs.values()].flat().flatMap((input) => input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []),
  );
  return [...folders]
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
      return { name, version, license, integrity: lock.packages[folder].integrity };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
