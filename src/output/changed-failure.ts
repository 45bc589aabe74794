import { Failure, type FailureDetails } from "../failure.js";

/** The same failure, with other details. */
export function changedFailure(failure: Failure, changes: Partial<FailureDetails>): Failure {
  const { id, message, hint, exitCode, cause, told } = failure;
  const changed = new Failure(id, { message, hint, exitCode, cause, ...changes });
  changed.told = told;
  return changed;
}
