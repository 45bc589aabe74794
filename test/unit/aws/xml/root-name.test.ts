import { describe, expect, it } from "vitest";
import { rootName } from "../../../../src/aws/xml/parse.js";

const SPACE = " \r\n\t".repeat(100_000);

describe("rootName", () => {
  it.each([
    ["<Error><Code>x</Code></Error>", "Error"],
    ["<Error/>", "Error"],
    ['<?xml version="1.0"?>\n<Error xmlns="x">', "Error"],
    ['\ufeff<?xml version="1.0"?><Error>', "Error"],
    [`${SPACE}<Error>`, "Error"],
    [`<?xml version="1.0"?>${SPACE}<Error>`, "Error"],
    [`<!-- ${SPACE} <Error> --><CopyObjectResult>`, "CopyObjectResult"],
    ["<!DOCTYPE html><html lang='en'>", "html"],
    ["<ns:Error\nxmlns:ns='x'>", "Error"],
    ["<ErrorList>", "ErrorList"],
    ["", undefined],
    [SPACE, undefined],
    ["Error", undefined],
    ["<", undefined],
    ["<Err", undefined],
    ["<?xml", undefined],
    ["<!-- ", undefined],
    ["</Error>", undefined],
    [`<${"a".repeat(10_000)} b='c'><`, "a".repeat(10_000)],
    ["<Error foo>", undefined],
    ["<Error>&</Other", "Error"],
  ])("finds the name of %.40j", (text, name) => {
    expect(rootName(Buffer.from(text))).toBe(name);
  });
});
