import type { Finding } from "./finding.js";

/** What fails because of what was found before it: its id in docs/troubleshooting.md, by the earlier finding's subject. */
const CONSEQUENCES: Readonly<Record<string, RegExp>> = {
  route: /^endpoint-/,
  session: /^s3-signature$|^sts-error$/,
  clock: /^(s3-clock|answer-expired|sts-error)$/,
};

/** Whether what was found later goes away once the earlier is put right. */
function follows(later: Finding, earlier: Finding): boolean {
  const { id = "", found, subject } = later;
  const name = earlier.subject.replace(/^secret /, "");
  // A variable or a secret that is wrong: what cannot use it names it.
  const isNamed = /^(?:AWS_|aws-)/.test(name) && `${subject} ${found}`.includes(name);
  return isNamed || CONSEQUENCES[earlier.subject]?.test(id) === true || (id !== "" && id === earlier.id);
}

/** The findings with each cause counted once: what follows from one that must be fixed becomes a note. */
export function eachCauseOnce(findings: readonly Finding[]): Finding[] {
  return findings.map((finding, at) => {
    const cause = findings
      .slice(0, at)
      .find((earlier) => finding.level === "fix" && earlier.level === "fix" && follows(finding, earlier));
    return cause === undefined ? finding : { ...finding, level: "note", fix: `See ${cause.subject} above.` };
  });
}
