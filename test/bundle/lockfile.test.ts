import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, Locked>;
};
const installed = Object.entries(packages).filter(([path]) => path !== "");
const manifest = JSON.parse(readFileSync("package.json", "utf8"));

describe("package-lock.json", () => {
  it("holds the integrity of every package", () => {
    const without = installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it("fetches everything over https", () => {
    const plain = installed.filter(([, { resolved = "https://" }]) => !resolved.startsWith("https://"));
    expect(plain).toEqual([]);
  });

  it("bundles nothing that runs a script when it is installed", () => {
    const licenses = readFileSync(join(dirname(BUILT_FILE), "THIRD-PARTY-LICENSES.txt"), "utf8");
    const bundled = [...licenses.matchAll(/^(\S+) \S+ \(.+\)\n=+$/gm)].map(
      ([, name]) => packages[`node_modules/${name}`],
    );
    expect(bundled.length).toBeGreaterThan(2);
    expect(bundled.filter((locked) => locked === undefined || locked.hasInstallScript)).toEqual([]);
  });
});

describe("package.json", () => {
  it("has no dependency and no script that an installation would run", () => {
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("peerDependencies");
    expect(Object.keys(manifest.scripts)).not.toContain("install");
    expect(Object.keys(manifest.scripts)).not.toContain("postinstall");
    expect(Object.keys(manifest.scripts)).not.toContain("prepare");
  });

  it("names what it is", () => {
    expect(manifest).toMatchObject({
      name: "fetch-creds",
      license: "MIT",
      bin: { "fetch-creds": "dist/fetch-creds.js" },
      engines: { node: ">=20.19" },
    });
  });
});
