/** `ok`: as it should be. `note`: worth knowing. `mend`: must be put right. */
export type Level = "ok" | "note" | "mend";

/** One thing that was looked at. */
export interface Finding {
  readonly level: Level;
  /** What was looked at, in a word or two: `AWS_REGION`, `clock`. */
  readonly subject: string;
  /** What was found. Never a secret. */
  readonly found: string;
  /** How to put it right, or what to do about it. */
  readonly mend?: string;
  /** Of a failure: its entry in docs/troubleshooting.md. */
  readonly id?: string;
}

export function ok(subject: string, found: string): Finding {
  return { level: "ok", subject, found };
}

export function noteOf(subject: string, found: string, mend?: string): Finding {
  return { level: "note", subject, found, ...(mend === undefined ? {} : { mend }) };
}

export function toMend(subject: string, found: string, mend: string): Finding {
  return { level: "mend", subject, found, mend };
}
