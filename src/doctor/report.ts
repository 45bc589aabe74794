import { concealed } from "../output/concealed.js";
import { printable } from "../output/printable.js";
import type { Finding, Level } from "./finding.js";

const MARKS: Readonly<Record<Level, string>> = { ok: "ok", note: "note", mend: "MEND" };
const STYLES = { ok: "green", note: "yellow", mend: "red" } as const;

const shown = (text: string) => printable(concealed(text));

export function needsMending(findings: readonly Finding[]): boolean {
  return findings.some(({ level }) => level === "mend");
}

/** Lines for a person, in the order of looking; each mend below its finding. */
export function reportText(
  findings: readonly Finding[],
  paint: (style: (typeof STYLES)[Level], text: string) => string,
): string {
  const lines = findings.flatMap(({ level, subject, found, mend }) => [
    `${paint(STYLES[level], MARKS[level].padEnd(5))} ${shown(subject)}: ${shown(found)}`,
    ...(mend ? mend.split("\n").map((line) => `      ${shown(line)}`) : []),
  ]);
  const count = findings.filter(({ level }) => level === "mend").length;
  const sum =
    count === 0 ? "Nothing to mend." : count === 1 ? "One thing to mend." : `${count} things to mend.`;
  return `${[...lines, "", sum].join("\n")}\n`;
}

/** The same as one object: `ok`, and the findings with `mend` and `id` null where there is none. */
export function reportJson(findings: readonly Finding[]): string {
  const list = findings.map(({ level, subject, found, mend, id }) => ({
    level,
    subject: concealed(subject),
    found: concealed(found),
    mend: mend === undefined ? null : concealed(mend),
    id: id ?? null,
  }));
  return `${JSON.stringify({ ok: !needsMending(findings), findings: list }, null, 2)}\n`;
}
