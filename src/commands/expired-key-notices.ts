import { Notice } from "../output/notice.js";

/** Keys past their end that are used all the same. */
export function keysExpired(expiration: string): Notice {
  return new Notice(
    "keys-expired",
    `the instance's keys expired at ${expiration}, and it cannot renew them now: they are used as long as AWS accepts them`,
  );
}
