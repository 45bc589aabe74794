import { describe, expect, it } from "vitest";
import { parseIniFile } from "../../../src/credentials/ini-file.js";

const settings = (text: string) => Object.fromEntries(parseIniFile(text).get("default") ?? []);

describe("a nested setting", () => {
  it.each([
    [
      "s3 =\n  addressing_style = path\n  use_x = 1\nregion = r",
      { s3: "", "s3.addressing_style": "path", "s3.use_x": "1", region: "r" },
    ],
    ["S3 =\n\tAddressing_Style=virtual", { s3: "", "s3.addressing_style": "virtual" }],
    ["  s3 =\n    a = 1\n  b = 2", { s3: "", "s3.a": "1", b: "2" }],
    ["s3 =\n  # a = 1\n\n  b = 2", { s3: "", "s3.b": "2" }],
    // Of a setting with a value, and of none, it is passed over.
    ["region = r\n  s3 = 1", { region: "r" }],
    ["s3 =\n  no setting", { s3: "" }],
  ])("in %j stands below its parent", (text, expected) => {
    expect(settings(`[default]\n${text}\n`)).toEqual(expected);
  });

  it("belongs to its own section", () => {
    const text = "[default]\ns3 =\n  a = 1\n[profile x]\n  b = 2\n";
    expect(Object.fromEntries(parseIniFile(text).get("x") ?? [])).toEqual({ b: "2" });
  });
});
