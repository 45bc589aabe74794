import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { reference } from "../../../scripts/reference/reference.js";
import { SCHEMAS } from "../../../scripts/reference/schemas.js";
import { MAIN_VERBS, S3_VERBS } from "../../../src/cli/verbs.js";
import { reportJson } from "../../../src/doctor/report.js";
import { verification } from "../../../src/output/verification.js";
import { verbs as s3Verbs } from "../../../src/s3-side.js";

it("docs/reference.md is what npm run docs makes", () => {
  expect(readFileSync("docs/reference.md", "utf8")).toBe(reference());
});

it("the main side's list of S3 verbs is the S3 side's", () => {
  const brief = (verbs: readonly { name: string; summary: string }[]) =>
    verbs.map(({ name, summary }) => ({ name, summary }));
  expect(brief(s3Verbs)).toEqual(brief(S3_VERBS));
});

it("every verb has a summary, a synopsis with its name, a description, and an example", () => {
  for (const { name, summary, synopsis, description, examples, groups } of [...MAIN_VERBS, ...s3Verbs]) {
    expect(summary, name).toMatch(/\.$/);
    expect(synopsis).toContain(name);
    expect(description.length, name).toBeGreaterThan(40);
    expect(examples.length, name).toBeGreaterThan(0);
    const options = groups.flatMap((group) => group.options);
    expect(new Set(options.map((option) => option.name)).size, `${name}: an option twice`).toBe(
      options.length,
    );
    for (const option of ["help", "version", "debug"])
      expect(
        options.map((each) => each.name),
        name,
      ).toContain(option);
  }
});

/** `source.kind` for a field inside; `findings[].level` for one of a list. */
function paths(value: unknown, before = ""): string[] {
  if (Array.isArray(value)) return paths(value[0], `${before}[]`);
  if (typeof value !== "object" || value === null) return [before];
  return Object.entries(value).flatMap(([name, inner]) =>
    paths(inner, before === "" ? name : `${before}.${name}`),
  );
}

it("the schemas name exactly the fields that are printed", () => {
  const documented = (verb: string) =>
    SCHEMAS.find((schema) => schema.verb === verb)?.fields.map(([name]) => name);
  const caller = { arn: "a", account: "b", userId: "c" };
  const source = { kind: "container", name: "--uri", place: "option" } as const;
  const found = verification({ accessKeyId: "a", secretAccessKey: "b" }, source, caller, 0);
  expect(paths(found)).toEqual(documented("verify"));
  expect(paths(JSON.parse(reportJson([{ level: "ok", subject: "a", found: "b" }])))).toEqual(
    documented("doctor"),
  );
});
