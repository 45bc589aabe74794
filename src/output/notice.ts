/**
 * Something that the user should know though nothing has failed: a warning of a copy, or a line behind `fetch-creds:`.
 * As with a Failure, `id` names its entry in docs/troubleshooting.md, and the words stand in the `notices.ts` of each
 * domain.
 */
export class Notice {
  readonly id: string;
  /** One line. Never a secret. */
  readonly message: string;

  constructor(id: string, message: string) {
    this.id = id;
    this.message = message;
  }
}

/** Why a copy leaves a file or an object out. */
export interface SkipReason {
  /** Its entry in docs/troubleshooting.md. */
  readonly id: string;
  /** A sentence, the AWS CLI's where it has one. */
  readonly text: string;
}
