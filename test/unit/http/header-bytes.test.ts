import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headerBytes, headerText } from "../../../src/http/header-bytes.js";

const utf8 = (text: string) => Buffer.from(text).toString("latin1");

describe("headerBytes", () => {
  it.each(["", "plain", "a\tb", " ~"])("leaves %j", (text) => expect(headerBytes("x", text)).toBe(text));

  it.each(["é", "č", "\u010d\u010a", "日本", "😀", "a\u2028b", "\ufffd", "\ufeff"])(
    "is UTF-8 of %j",
    (text) => {
      expect(headerBytes("x", text)).toBe(utf8(text));
      expect(headerBytes("x", text)).not.toMatch(/[\r\n]/);
    },
  );

  it.each([
    "\n",
    "a\rb",
    "\0",
    "\x1f",
    "\x7f",
    "é\n",
    "\ud800",
    "a\udfff",
    "\udc00\ud800",
    "\udc7f",
    "\udd00",
  ])("refuses %j, by its header's name", (text) =>
    expect(() => headerBytes("x-amz-meta-a", text)).toThrow(
      expect.objectContaining({
        id: "unsendable-header",
        message: expect.stringContaining("x-amz-meta-a"),
      }),
    ),
  );

  it("gives UTF-8, or refuses, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        let bytes: string;
        try {
          bytes = headerBytes("x", text);
        } catch {
          return;
        }
        expect(bytes).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
        expect(bytes).toBe(utf8(text));
      }),
      { numRuns: 1000 },
    );
  });
});

it("what came as a header goes as the same bytes, be it UTF-8 or not", () => {
  const byte = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }));
  const pieces = fc.oneof(
    fc.string({ unit: "grapheme" }).map(utf8),
    fc.array(byte).map((codes) => String.fromCharCode(...codes)),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
      const bytes = parts.join("").replace(/[\0-\x1f\x7f]/g, "");
      expect(headerBytes("x", headerText(bytes))).toBe(bytes);
    }),
    { numRuns: 2000 },
  );
  expect(headerText(utf8("é č"))).toBe("é č");
  expect(headerBytes("x", headerText("caf\xe9"))).toBe("caf\xe9");
});
