import type { Failure } from "../failure.js";
import { Notice } from "../output/notice.js";

/** Of the profile in force, where `verify` only shows it. */
export function regionNotRead({ message }: Pick<Failure, "message">): Notice {
  return new Notice("region-not-read", `the profile's region is not read: ${message}`);
}
