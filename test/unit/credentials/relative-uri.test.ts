import { describe, expect, it } from "vitest";
import { parseRelativeUri } from "../../../src/credentials/relative-uri.js";

const parse = (value: string) => parseRelativeUri({ name: "V", place: "environment", value });

describe("a relative URI", () => {
  it.each([
    ["/v2/credentials/x", "/v2/credentials/x"],
    ["//evil/x", "//evil/x"],
    ["/../x", "/../x"],
    ["/a b", "/a%20b"],
    ["/a#b", "/a"],
    ["/%2e%2e", "/%2e%2e"],
    ["/é", "/é"],
  ])("%s is sent as %s", (value, target) => {
    expect(parse(value)).toEqual({ scheme: "http", host: "169.254.170.2", port: 80, target });
  });

  it.each(["x", "@h/x", ":80/x", "3/x", " /x", "$X", "'/x'"])("%s has no slash", (value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ id: "uri-no-slash", exitCode: 253 }));
  });

  it.each(["/x\n", "/\r\nA: b", "/\t", "/\u007f", "/\u0085", "/\ufffd", "/\ud800"])(
    "%j is refused",
    (value) => {
      expect(() => parse(value)).toThrow(
        expect.objectContaining({ id: "uri-control-character", exitCode: 253 }),
      );
    },
  );

  it.each([
    ["$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", /unexpanded/],
    ["${X}", /unexpanded/],
    ["%X%", /unexpanded/],
    ['"/v2"', /quote/],
    ["  ", /blank/],
    ["http://169.254.170.2/x", /AWS_CONTAINER_CREDENTIALS_FULL_URI/],
    ["v2/credentials", /leading slash/],
  ])("says what %s looks like", (value, hint) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint) }));
  });

  it("never shows the value", () => {
    expect(() => parse("secret-id-1234")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("1234") }),
    );
  });
});
