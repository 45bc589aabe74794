import { describe, expect, it } from "vitest";
import { accountOfAccessKey } from "../../../src/credentials/access-key-account.js";

describe("the account in an access key id", () => {
  it.each([
    // A much-quoted public example.
    ["ASIAQNZGKIQY56JQ7WML", "029608264753"],
    ["AKIAQNZGKIQY56JQ7WML", "029608264753"],
    ["ASIAQAAAAAAAAAAAAAAA", "000000000000"],
    ["ASIAQAAAAAAAABAAAAAA", "000000000000"],
    ["ASIAQAAAAAAAQAAAAAAA", "000000000001"],
    ["ASIA6RVFFB77QAAAAAAA", "999999999999"],
  ])("%s: %s", (id, account) => expect(accountOfAccessKey(id)).toBe(account));

  it.each([
    ["an older id", "AKIAIOSFODNN7EXAMPLE"],
    ["an older id", "ASIAPNZGKIQY56JQ7WML"],
    ["another kind", "AROAQNZGKIQY56JQ7WML"],
    ["too short", "ASIAQNZGKIQY56JQ7WM"],
    ["too long", "ASIAQNZGKIQY56JQ7WMLA"],
    ["one behind another letter", "AASIAQNZGKIQY56JQ7WML"],
    ["no base32", "ASIAQNZGKIQY56JQ7W1L"],
    ["lower case", "ASIAqNZGKIQY56JQ7WML"],
    ["more than twelve digits", "ASIA7777777777777777"],
    ["more than twelve digits", "ASIA6RVFFCAAAAAAAAAA"],
    ["nothing", ""],
  ])("is none in %s (%s)", (_, id) => expect(accountOfAccessKey(id)).toBeUndefined());
});
