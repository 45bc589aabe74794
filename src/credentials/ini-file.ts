export type IniSection = ReadonlyMap<string, string>;

/** `[name]`, with nothing but a comment after it. */
function sectionOf(line: string): string | undefined {
  const end = line.startsWith("[") ? line.indexOf("]") : -1;
  if (end < 0 || !/^(?:$|[#;])/.test(line.slice(end + 1).trimStart())) return undefined;
  return line.slice(1, end).trim();
}

/** `name = value`, or with a colon as the AWS CLI takes it, too. */
function settingOf(line: string): readonly [name: string, value: string] | undefined {
  const delimiter = line.search(/[=:]/);
  if (delimiter < 1 || /^[[#;]/.test(line)) return undefined;
  return [line.slice(0, delimiter).trimEnd(), line.slice(delimiter + 1).trim()];
}

/** How many characters of white space a line begins with. */
const depthOf = (line: string) => line.length - line.trimStart().length;

/**
 * Reads an AWS credentials file: sections of `name = value`; names are lower-cased; lines that begin with `#` or `;` are
 * passed over; a nested setting, which is indented deeper than an empty one above it, has its name before its own
 * (`s3.addressing_style`); a section that comes twice is one. `[profile x]` is read as `[x]`, as the AWS CLI's config file has
 * it.
 */
export function parseIniFile(text: string): ReadonlyMap<string, IniSection> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  let depth = Number.POSITIVE_INFINITY;
  /** The empty setting that nested ones belong to. */
  let parent: string | undefined;
  for (const whole of text.split(/\r?\n/)) {
    const line = whole.trimStart();
    if (depthOf(whole) > depth) {
      const [name, value] = settingOf(line) ?? [];
      if (parent && name !== undefined && value !== undefined)
        current?.set(`${parent}.${name.toLowerCase()}`, value);
      continue;
    }
    const section = sectionOf(line);
    if (section !== undefined) {
      const name = section.replace(/^profile\s+/, "").replace(/^(["'])(.*)\1$/s, "$2");
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      depth = Number.POSITIVE_INFINITY;
      continue;
    }
    const [name, value] = settingOf(line) ?? [];
    if (name === undefined || value === undefined) continue;
    depth = depthOf(whole);
    parent = value === "" ? name.toLowerCase() : undefined;
    current?.set(name.toLowerCase(), value);
  }
  return sections;
}
