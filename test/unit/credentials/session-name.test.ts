import { describe, expect, it } from "vitest";
import { defaultSessionName, sessionNameOf } from "../../../src/credentials/session-name.js";

describe("the name of a session", () => {
  it.each([
    ["build", "build"],
    ["a_b+c=d,e.f@g-h9", "a_b+c=d,e.f@g-h9"],
    ["Jörg's build", "J-rg-s-build"],
    ["a/b:c d", "a-b-c-d"],
    ["\u{1f600}x", "-x"],
    ["line\nbreak", "line-break"],
    ["x".repeat(70), "x".repeat(64)],
    ["ab", "ab"],
    ["a", undefined],
    ["", undefined],
  ])("of %j is %s", (text, name) => {
    expect(sessionNameOf(text)).toBe(name);
  });

  it.each([
    [undefined, "fetch-creds"],
    ["", "fetch-creds"],
    ["app:0a1b2c3d-1111-2222-3333-444455556666", "fetch-creds-0a1b2c3d-1111-2222-3333-444455556666"],
    ["0a1b2c3d", "fetch-creds-0a1b2c3d"],
    ["app:", "fetch-creds"],
    ["a b:c d", "fetch-creds-c-d"],
    [`x:${"y".repeat(80)}`, `fetch-creds-${"y".repeat(52)}`],
  ])("is ours with CODEBUILD_BUILD_ID %j: %s", (CODEBUILD_BUILD_ID, name) => {
    expect(defaultSessionName({ CODEBUILD_BUILD_ID })).toBe(name);
  });
});
