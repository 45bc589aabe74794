const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Ids since about 2019 hold the account; those whose fifth character is A to P are older and hold none. */
const HOLDS_ACCOUNT = /^A[KS]IA[Q-Z2-7][A-Z2-7]{15}$/;

/** The first bit, above the account's 40: it is set where an account follows. */
const ABOVE = 2 ** 40;
/** What is below the account in ten digits of five bits: 9 bits. */
const BELOW = 2 ** 9;

/**
 * The account that an access key id holds: bits 1 to 40 after the prefix, in base32. AWS does not document it, and
 * anybody can make up an id: good for showing, never for a guard.
 *
 * @returns 12 digits; undefined for ids that hold none
 */
export function accountOfAccessKey(accessKeyId: string): string | undefined {
  if (!HOLDS_ACCOUNT.test(accessKeyId)) return undefined;
  const bits = [...accessKeyId.slice(4, 14)].reduce((n, digit) => n * 32 + DIGITS.indexOf(digit), 0);
  const account = Math.floor(bits / BELOW) - ABOVE;
  return account < 1e12 ? String(account).padStart(12, "0") : undefined;
}
