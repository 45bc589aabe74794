import fc from "fast-check";

/** Names of sections as people write them, rightly and wrongly. */
const HEADERS = [
  "[default]",
  "[default]",
  "[default] # x",
  "[default] ; see [x]",
  "[ default ]",
  "[Default]",
  "[profile default]",
  "[profile a]",
  "[profile  a ]",
  "[profile A]",
  '[profile "a b"]',
  "[profile 'a b']",
  '[profile "a\\"b"]',
  '[profile "a\\b"]',
  "[profile a\\ b]",
  "[profile a b]",
  '[profile "a]',
  "[profile é]",
  "[profile a#b]",
  "[profile\ta]",
  "[profile\u00a0a]",
  "[profilea b]",
  "[profile]",
  "[a]",
  "[a b]",
  "[sso-session a]",
  "[services s]",
  "[services t]",
  "[plugins]",
  "[DEFAULT]",
  "[a] = [b]",
];
const NO_HEADERS = ["[]", "[a", "a]", "[a b = c"];

const NAMES = ["region", "s3", "sts", "endpoint_url", "services", "a b", "a.b", "é", "x", "y", "[x"];
const VALUES = [
  "us-east-1",
  "s",
  "t",
  "http://h:1/",
  "v # no comment",
  "v ; no comment",
  '"quoted"',
  "a=b:c",
  "100%",
  "%(region)s",
  "${HOME}",
  "é\u2028z",
  "a\u0085b",
  "a\u001cb = c",
  "\ufeff",
  "",
  "",
];
const DELIMITERS = ["=", " = ", ":", " : ", "\t=\t", "= =", "\u00a0=\u00a0"];
const INDENTS = ["", "", "", " ", "  ", "    ", "\t", "\u00a0", "\u001f"];
const PASSED_OVER = ["", "  ", "# a = b", "; a", "  # c", "\t;", "#[x]"];
/** Below an empty setting, or going on with a value. */
const BELOW = [
  "a = b",
  "endpoint_url = http://n:2/",
  "Endpoint_URL = x",
  "a: b",
  "a:b=c",
  "# d = e",
  "= f",
  "a = b # c",
];
const JUNK = ["no delimiter", "= v", ":v", "é", "\ufeff[default]"];

const upper = fc.boolean().map((yes) => (text: string) => (yes ? text.toUpperCase() : text));

const setting = fc
  .tuple(
    fc.constantFrom(...INDENTS),
    fc.constantFrom(...NAMES),
    upper,
    fc.constantFrom(...DELIMITERS),
    fc.constantFrom(...VALUES),
    fc.array(fc.tuple(fc.constantFrom(...INDENTS), fc.constantFrom(...BELOW, ...PASSED_OVER)), {
      maxLength: 2,
    }),
  )
  .map(([indent, name, cased, delimiter, value, below]) => ({
    name,
    lines: [
      `${indent}${cased(name)}${delimiter}${value}`,
      ...below.map(([deeper, text]) => `${indent}  ${deeper}${text}`),
    ],
  }));

const section = fc
  .tuple(
    fc.constantFrom(...INDENTS),
    fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(...HEADERS) },
      { weight: 1, arbitrary: fc.constantFrom(...NO_HEADERS) },
    ),
    fc.uniqueArray(setting, { maxLength: 4, selector: ({ name }) => name }),
    fc.constantFrom("", "", ...PASSED_OVER),
  )
  .map(([indent, header, settings, comment]) => ({
    header,
    lines: [indent + header, ...settings.flatMap(({ lines }) => lines), comment],
  }));

/** Rarely, one line that is wrong, or that stands twice, somewhere. */
const spoiled = fc.oneof(
  { weight: 6, arbitrary: fc.constant((lines: readonly string[]) => lines) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(), fc.constantFrom(...JUNK)).map(
      ([at, junk]) =>
        (lines: readonly string[]) =>
          lines.toSpliced(at % (lines.length + 1), 0, junk),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(), fc.nat()).map(
      ([from, to]) =>
        (lines: readonly string[]) =>
          lines.toSpliced(to % (lines.length + 1), 0, lines[from % lines.length] ?? ""),
    ),
  },
);

/** A file of profiles: its text, and what stands behind that, which rarely is no UTF-8. */
export interface GeneratedFile {
  readonly text: string;
  /** One byte a character. */
  readonly bytes: string;
}

export const bytesOf = ({ text, bytes }: GeneratedFile): Buffer =>
  Buffer.concat([Buffer.from(text), Buffer.from(bytes, "latin1")]);

/** Most of them are such as botocore takes. */
export const configFile: fc.Arbitrary<GeneratedFile> = fc
  .tuple(
    fc.uniqueArray(section, { maxLength: 4, selector: ({ header }) => header }),
    spoiled,
    fc.constantFrom("\n", "\n", "\r\n", "\r"),
    fc.oneof(
      { weight: 30, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom("\xff", "\xed\xa0\x80") },
    ),
    fc.boolean(),
  )
  .map(([sections, spoil, end, bytes, ended]) => {
    const lines = spoil(sections.flatMap((each) => each.lines));
    return { text: lines.join(end) + (ended ? end : ""), bytes };
  });
