const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Ids since about 2019 hold the account; those whose fifth character is A to P are older and hold none. */
const HOLDS_ACCOUNT = /^A[KS]IA[Q-Z2-7][A-Z2-7]{15}$/;

/** Bits below the account in the first 48 of the id. */
const BELOW = 7;
const ACCOUNT_BITS = 40;

/**
 * The account that an access key id holds: bits 1 to 40 after the prefix, in base32. AWS does not document it, and
 * anybody can make up an id: good for showing, never for a guard.
 *
 * @returns 12 digits; undefined for ids that hold none
 */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!HOLDS_ACCOUNT.test(accessKeyId)) return undefined;
  const bits = [...accessKeyId.slice(4, 14)].reduce((n, digit) => n * 32 + DIGITS.indexOf(digit), 0);
  // Ten digits of five bits: the 48 that count and two more.
  const account = Math.floor(bits / 2 ** (BELOW + 2)) % 2 ** ACCOUNT_BITS;
  return account < 1e12 ? String(account).padStart(12, "0") : undefined;
}
