import fc from "fast-check";
import { expect, it } from "vitest";
import { parseCredentialsFile } from "../../../src/credentials/credentials-file.js";
import { ini } from "../../../src/formats/ini.js";
import { processJson } from "../../../src/formats/process.js";
import { env, envNoExport } from "../../../src/formats/shells.js";
import { hasControlCharacter, isBrokenText } from "../../../src/output/control-characters.js";

/** What an endpoint's answer may hold. */
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
const plain = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/);

const options = { region: "eu-west-1", section: "default" };

function keysOf(text: fc.Arbitrary<string>) {
  return fc.record({ accessKeyId: text, secretAccessKey: text, sessionToken: text });
}

it.each([env, envNoExport, processJson])(
  "what export --format $name writes is read back, whatever it holds",
  ({ write }) => {
    fc.assert(
      fc.property(keysOf(value), (keys) => {
        expect(parseCredentialsFile("F", write(keys, options), "default")).toEqual(keys);
      }),
      { numRuns: 500 },
    );
  },
);

it("what export --format ini writes is read back", () => {
  fc.assert(
    fc.property(keysOf(plain), (keys) => {
      expect(parseCredentialsFile("F", ini.write(keys, options), "default")).toEqual(keys);
    }),
    { numRuns: 500 },
  );
});
