import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The package folder that a source file belongs to; undefined for our own. */
export function packageFolder(input) {
  return input.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];
}

/**
 * The licence of every package that went into the bundle, once each.
 *
 * @param {Map<string, string[]>} inputs source files by part
 * @returns {string}
 */
export function thirdPartyLicenses(inputs) {
  const folders = new Set([...inputs.values()].flat().map(packageFolder).filter(Boolean));
  const sections = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file && existsSync(join(folder, file))
        ? readFileSync(join(folder, file), "utf8").trim()
        : `Licence: ${license}`;
    return { title: `${name} ${version} (${license})`, text };
  });
  return sections
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n${"=".repeat(title.length)}\n\n${text}\n`)
    .join("\n\n");
}
