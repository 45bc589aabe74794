import { Notice } from "../output/notice.js";

/** Keys past their end that are used all the same. */
export function keysExpired(expiration: string): Notice {
  return new Notice(
    "keys-expired",
    `the instance gives keys that expired at ${expiration}: it cannot renew them now, and they are used as long as AWS takes them`,
  );
}
