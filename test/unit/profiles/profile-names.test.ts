import { describe, expect, it } from "vitest";
import { meantProfile } from "../../../src/profiles/profile-names.js";

describe("the hint for a profile that does not exist", () => {
  it.each<[string, string, Parameters<typeof meantProfile>[1], string | undefined]>([
    [
      "a name one letter off",
      "bas",
      { names: ["default", "base"] },
      "did you mean base? profiles found: default, base",
    ],
    ["another case", "Prod", { names: ["prod"] }, "did you mean prod? profiles found: prod"],
    [
      "a near name beyond the ten that are listed",
      "lasts",
      { names: [..."abcdefghij", "last"] },
      "did you mean last? profiles found: a, b, c, d, e, f, g, h, i, j",
    ],
    ["one letter", "x", { names: ["y"] }, "profiles found: y"],
    ["one letter in another case", "X", { names: ["x"] }, "did you mean x? profiles found: x"],
    ["no near name", "nope", { names: ["default", "base"] }, "profiles found: default, base"],
    [
      "a section without profile before its name",
      "prod",
      { names: ["default"], unprefixed: ["prod"] },
      "the config file has [prod]: write [profile prod] there",
    ],
    ["another such section", "dev", { names: ["default"], unprefixed: ["prod"] }, "profiles found: default"],
    ["no profile at all", "x", { names: [] }, undefined],
  ])("for %s", (_, name, there, hint) => {
    expect(meantProfile(name, there)).toBe(hint);
  });
});
