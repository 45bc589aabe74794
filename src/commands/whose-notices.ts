import { Failure } from "../failure.js";
import { changedFailure } from "../output/changed-failure.js";
import { Notice } from "../output/notice.js";

/**
 * The AWS CLI would take other keys.
 *
 * @param passedOver `~/.aws/credentials, profile default`
 * @param used what is used in its place, and where it is named
 */
export function passedOverNotice(passedOver: string, used: string): Notice {
  return new Notice(
    "passed-over",
    `the AWS CLI would use ${passedOver}; ${used} is used here instead. To use that profile, add --profile default`,
  );
}

/**
 * Here cp, sync and ls act as somebody else than verify, export and exec.
 *
 * @param winner what they use, and where it is named
 * @param used what is used now
 */
export function othersUse(winner: string, used: string): Notice {
  return new Notice("others-use", `cp, sync, ls and the AWS CLI use ${winner} here, not ${used}`);
}

/** The same of what a BuildKit secret names, which the AWS CLI does not know. */
export function oursUse(winner: string, used: string): Notice {
  return new Notice("others-use", `cp, sync and ls use ${winner} here, not ${used}`);
}

/** The same with `--role-arn`, which the AWS CLI does not have. */
export function othersAssume(winner: string, used: string): Notice {
  return new Notice(
    "others-use",
    `cp, sync and ls assume the role with the keys of ${winner} here, not of ${used}`,
  );
}

/**
 * The same where verify, export and exec find nothing.
 *
 * @param winner what the others use, and where it is named
 */
export function othersAlone(winner: string): Notice {
  return new Notice(
    "others-use",
    `verify, export and exec find no credentials here, but cp, sync and ls use ${winner}, which was not checked`,
  );
}

/** A failure whose hint says what else is worth knowing. */
export function withNotice(error: unknown, notice: Notice | undefined): unknown {
  if (!(error instanceof Failure) || notice === undefined) return error;
  return changedFailure(error, { hint: [error.hint, notice.message].filter(Boolean).join("\n") });
}
