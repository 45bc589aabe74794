import type { Failure } from "../failure.js";
import { Notice } from "../output/notice.js";

/** Where `verify` only shows it. */
export function regionNotRead({ message }: Pick<Failure, "message">): Notice {
  return new Notice("region-not-read", `the region is not read: ${message}`);
}
