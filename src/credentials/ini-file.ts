export type IniSection = ReadonlyMap<string, string>;

/** `[name]`, with nothing but a comment after it. */
function sectionOf(line: string): string | undefined {
  const end = line.startsWith("[") ? line.indexOf("]") : -1;
  if (end < 0 || !/^(?:$|[#;])/.test(line.slice(end + 1).trimStart())) return undefined;
  return line.slice(1, end).trim();
}

/** `name = value`, not indented. */
function settingOf(line: string): readonly [name: string, value: string] | undefined {
  const equals = line.indexOf("=");
  if (equals < 1 || /^[\s[#;]/.test(line)) return undefined;
  return [line.slice(0, equals).trimEnd(), line.slice(equals + 1).trim()];
}

/**
 * Reads an AWS credentials file: sections of `name = value`; names are lower-cased; lines that begin with `#` or `;` and
 * indented (nested) ones are passed over; a section that comes twice is one. `[profile x]` is read as `[x]`, as the AWS
 * CLI's config file has it.
 */
export function parseIniFile(text: string): ReadonlyMap<string, IniSection> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = sectionOf(line);
    if (section !== undefined) {
      const name = section.replace(/^profile\s+/, "").replace(/^(["'])(.*)\1$/s, "$2");
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      continue;
    }
    const [name, value] = settingOf(line) ?? [];
    if (name !== undefined && value !== undefined) current?.set(name.toLowerCase(), value);
  }
  return sections;
}
