/** `ok`: as it should be. `note`: worth knowing. `fix`: must be put right. */
export type Level = "ok" | "note" | "fix";

/** One thing that was looked at. */
export interface Finding {
  readonly level: Level;
  /** What was looked at, in a word or two: `AWS_REGION`, `clock`. */
  readonly subject: string;
  /** What was found. Never a secret. */
  readonly found: string;
  /** How to put it right, or what to do about it. */
  readonly fix?: string;
  /** Of a failure: its entry in docs/troubleshooting.md. */
  readonly id?: string;
}

export function ok(subject: string, found: string): Finding {
  return { level: "ok", subject, found };
}

export function noteOf(subject: string, found: string, fix?: string): Finding {
  return { level: "note", subject, found, ...(fix === undefined ? {} : { fix }) };
}

export function toFix(subject: string, found: string, fix: string): Finding {
  return { level: "fix", subject, found, fix };
}
