import { describe, expect, it } from "vitest";
import { checkedRegion, isRegion, regionOf } from "../../../src/cli/region.js";

describe("isRegion", () => {
  it.each(["eu-west-1", "us-gov-east-1", "default", "a", "EU-WEST-1", "garage1", "x".repeat(63)])(
    "takes %j",
    (text) => expect(isRegion(text)).toBe(true),
  );

  it.each([
    "",
    "123",
    "-a",
    "a-",
    "eu-west-1 ",
    " eu-west-1",
    "eu-west-1\n",
    "eu-west-1\r\n",
    "a.b",
    "a/b",
    "x@attacker.example:8443#",
    "x#",
    "x?",
    "é",
    "a_b",
    "a\0",
    "x".repeat(64),
  ])("refuses %j", (text) => expect(isRegion(text)).toBe(false));
});

describe("checkedRegion", () => {
  it("names what gave it, and shows it escaped and cut", () => {
    const make = (value: string) => () => checkedRegion(value, "--region");
    expect(make("x\r\n")).toThrow("the region 'x\\r\\n' of --region is no region's name");
    expect(make("é".repeat(500))).toThrow(`'${"é".repeat(200)}…'`);
    expect(make("")).toThrow(expect.objectContaining({ id: "bad-region", exitCode: 252 }));
    expect(checkedRegion("eu-west-1", "--region")).toBe("eu-west-1");
  });
});

describe("regionOf", () => {
  it("takes AWS_REGION before AWS_DEFAULT_REGION, and an empty one as unset", () => {
    expect(regionOf({ AWS_REGION: "a", AWS_DEFAULT_REGION: "b" })).toBe("a");
    expect(regionOf({ AWS_REGION: "", AWS_DEFAULT_REGION: "b" })).toBe("b");
    expect(regionOf({})).toBeUndefined();
  });

  it.each(["AWS_REGION", "AWS_DEFAULT_REGION"])("refuses what %s cannot mean", (name) =>
    expect(() => regionOf({ [name]: "eu-west-1 " })).toThrow(`of ${name} is no region's name`),
  );
});
