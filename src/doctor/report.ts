import { concealed } from "../output/concealed.js";
import { printable, printableJson } from "../output/printable.js";
import type { Finding, Level } from "./finding.js";

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", note: "note", fix: "FIX" };
const STYLES = { ok: "green", note: "yellow", fix: "red" } as const;

const shown = (text: string) => printable(concealed(text));

export function needsFixing(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "fix");
}

/** Lines for a person, in the order of looking; each fix below its finding. */
export function reportText(
  findings: readonly Finding[],
  paint: (style: (typeof STYLES)[Level], text: string) => string,
): string {
  const lines = findings.flatMap(({ level, subject, found, fix }) => [
    `${paint(STYLES[level], MARKS[level].padEnd(5))} ${shown(subject)}: ${shown(found)}`,
    ...(fix ? fix.split("\n").map((line) => `      ${shown(line)}`) : []),
  ]);
  const count = findings.filter(({ level }) => level === "fix").length;
  const sum = count === 0 ? "Nothing to fix." : count === 1 ? "One thing to fix." : `${count} things to fix.`;
  return `${[...lines, "", sum].join("\n")}\n`;
}

/** The same as one object: `ok`, and the findings with `fix` and `id` null where there is none. */
export function reportJson(findings: readonly Finding[]): string {
  const list = findings.map(({ level, subject, found, fix, id }) => ({
    level,
    subject: concealed(subject),
    found: concealed(found),
    fix: fix === undefined ? null : concealed(fix),
    id: id ?? null,
  }));
  return `${printableJson({ ok: !needsFixing(findings), findings: list }, 2)}\n`;
}
