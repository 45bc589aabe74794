import { Failure } from "../failure.js";
import { internalError } from "./failures.js";
import { surroundingFailure } from "./surrounding-failure.js";

/** Whatever was thrown, as its user reads it: what nobody has words for is a bug of ours. */
export function anyFailure(error: unknown): Failure {
  return error instanceof Failure ? error : (surroundingFailure(error) ?? internalError(error));
}
