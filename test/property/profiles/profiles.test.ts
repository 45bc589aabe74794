import fc from "fast-check";
import { expect, it } from "vitest";
import { profilesOfText } from "../../../src/profiles/profiles.js";

/** What a file is to mean, and how each part of it is written. */
const value = fc.stringMatching(/^[A-Za-z0-9/+#;:%"'[][A-Za-z0-9/+=#;:%"'[\] ]{0,11}[A-Za-z0-9\]]$/);
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/);
const spelled = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
);
const delimiter = fc.constantFrom("=", " = ", ":", " : ", "\t=");
const between = fc.constantFrom("", "", "\n", "# x = y\n", "  ; z\n", "\t\n");

const nested = fc.uniqueArray(fc.tuple(name, value, fc.constantFrom("=", " = "), between), {
  selector: ([setting]) => setting,
  minLength: 1,
  maxLength: 3,
});
const settings = fc.uniqueArray(
  fc.tuple(
    name,
    spelled,
    delimiter,
    between,
    fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: nested }),
  ),
  { selector: ([setting]) => setting, maxLength: 4 },
);
const sections = fc.uniqueArray(
  fc.tuple(name, fc.constantFrom("profile ", "", "profile \t"), settings, between),
  {
    selector: ([section]) => section,
    maxLength: 4,
  },
);

function written(
  of: typeof sections extends fc.Arbitrary<infer T> ? T : never,
  indent: string,
  end: string,
): string {
  const text = of.flatMap(([section, prefix, inside, gap]) => [
    `${indent}[${prefix}${section}]${gap.includes("#") ? " # x" : ""}\n${gap}`,
    ...inside.map(([setting, spell, delimit, passed, content]) =>
      typeof content === "string"
        ? `${indent}${spell(setting)}${delimit}${content}\n${passed}`
        : `${indent}${spell(setting)}${delimit}\n${passed}${content.map(([below, text, equals, skipped]) => `${indent}  ${below}${equals}${text}\n${skipped}`).join("")}`,
    ),
  ]);
  return text.join("").replaceAll("\n", end);
}

it("a file means what was written, however it was written", () => {
  const seen = { settings: 0, nested: 0 };
  fc.assert(
    fc.property(
      sections,
      fc.constantFrom("", " ", "\t"),
      fc.constantFrom("\n", "\r\n"),
      (of, indent, end) => {
        const text = written(of, indent, end);
        const profiles = profilesOfText(text, "/f");
        expect([...profiles.names].sort()).toEqual(of.map(([section]) => section).sort());
        for (const [section, , inside] of of) {
          const profile = profiles.get(section);
          for (const [setting, , , , content] of inside) {
            const told = (each: string) => profile?.get(each)?.value;
            if (typeof content === "string") expect(told(setting)).toBe(content);
            else for (const [below, expected] of content) expect(told(`${setting}.${below}`)).toBe(expected);
            seen[typeof content === "string" ? "settings" : "nested"] += 1;
          }
          expect(profile?.get("no-such-setting")).toBeUndefined();
        }
      },
    ),
    { numRuns: 1000 },
  );
  expect(seen.settings).toBeGreaterThan(500);
  expect(seen.nested).toBeGreaterThan(100);
});
