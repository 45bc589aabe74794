import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importGraph } from "../support/bundle/import-graph.js";
import { worldReads } from "../support/world-reads.js";

/** The files that gather the world in a Context; everything else gets it from there. */
const RIM = ["src/main.ts", "src/process-context.ts"];

describe("the process, the clock and randomness", () => {
  const below = importGraph("src").files.filter((file) => !RIM.includes(file));

  it.each(below)("%s does not read them", (file) => {
    expect(worldReads(readFileSync(file, "utf8"))).toEqual([]);
  });

  it.each(RIM)("%s does: the rule is awake", (file) => {
    expect(worldReads(readFileSync(file, "utf8"))).toContain("process");
  });

  it.each([
    ["process.env.HOME", ["process"]],
    ["const { env } = process", ["process"]],
    ["f({ process })", ["process"]],
    ['import { kill, pid } from "node:process"', ["node:process"]],
    ['import process from "process"', ["process", "process"]],
    ['const { pid } = await import("node:process")', ["node:process"]],
    ["performance.now() - start", ["performance"]],
    ['import { performance as p } from "node:perf_hooks"', ["performance", "node:perf_hooks"]],
    ["Date.now()", ["Date.now"]],
    ["const clock = Date.now", ["Date.now"]],
    ["new Date()", ["new Date()"]],
    ["Math.random()", ["Math.random"]],
    ['import { createHash, randomBytes } from "node:crypto"', ["randomBytes"]],
    ["crypto.randomUUID()", ["crypto"]],
    ["globalThis.process", ["globalThis"]],
  ])("%s is a reader", (code, found) => {
    expect(worldReads(code)).toEqual(found);
  });

  it.each([
    "new Date(now).toISOString()",
    "Date.parse(text)",
    "context.now() + context.random()",
    "setTimeout(f, 5)",
    'const format = { name: "process", process: 1 }',
    "options.process",
    'import { createHash } from "node:crypto"',
    'import type { Foo } from "node:process"',
    "type P = NodeJS.Process; // process.env",
  ])("%s is none", (code) => {
    expect(worldReads(code)).toEqual([]);
  });
});
