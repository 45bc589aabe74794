import fc from "fast-check";
import { expect, it } from "vitest";
import { FORMATS } from "../../../src/formats/formats.js";
import { ini } from "../../../src/formats/ini.js";
import { processJson } from "../../../src/formats/process.js";
import { env, envNoExport, fish, powershell, windowsCmd } from "../../../src/formats/shells.js";
import { hasControlCharacter, isBrokenText } from "../../../src/output/control-characters.js";
import { keysOfText } from "../../support/keys-of-text.js";

/** What an endpoint's response may hold. */
const value = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom("'", '"', "\\", "$", "`", ";", "#", "=", " ", "["),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 12,
  })
  .filter((text) => text !== "" && !hasControlCharacter(text) && !isBrokenText(text));

/** Keys of the usual letters: what an INI file, which knows no quoting, can hold. */
const plain = fc.stringMatching(/^[A-Za-z0-9/+][A-Za-z0-9/+=]{0,39}$/);

const options = { region: "eu-west-1", section: "default" };

function keysOf(text: fc.Arbitrary<string>) {
  return fc.record({ accessKeyId: text, secretAccessKey: text, sessionToken: text });
}

it.each([env, fish, powershell, windowsCmd, processJson])(
  "what export --format $name writes is read back, whatever it holds",
  ({ write }) => {
    fc.assert(
      fc.property(keysOf(value), (keys) => {
        expect(keysOfText(write(keys, options))).toEqual(keys);
      }),
      { numRuns: 500 },
    );
  },
);

it.each([ini, envNoExport])("what export --format $name writes is read back", ({ write }) => {
  fc.assert(
    fc.property(keysOf(plain), (keys) => {
      expect(keysOfText(write(keys, options))).toEqual(keys);
    }),
    { numRuns: 500 },
  );
});

it.each(FORMATS)(
  "what export --format $name writes is read back with its expiry, to the second",
  ({ write }) => {
    fc.assert(
      fc.property(keysOf(plain), fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (keys, epochMs) => {
        const text = write({ ...keys, expiration: { epochMs, text: "" } }, options);
        const { expiration } = keysOfText(text);
        expect(expiration?.epochMs).toBe(Math.floor(epochMs / 1000) * 1000);
      }),
      { numRuns: 100 },
    );
  },
);
