/** Why we differ from the AWS CLI: each is a heading of docs/differences.md. */
export const REASONS = {
  "other-words": "x",
} as const satisfies Record<string, string>;

export type ReasonId = keyof typeof REASONS;
