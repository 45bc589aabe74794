export type IniSection = ReadonlyMap<string, string>;

const SECTION = /^\[\s*(.*?)\s*\]\s*(?:[#;].*)?$/;
const SETTING = /^([^\s=[#;][^=]*?)\s*=\s*(.*?)\s*$/;

/**
 * Reads an AWS credentials file: sections of `name = value`; names are lower-cased; lines that begin with `#` or `;` and
 * indented (nested) ones are passed over; a section that comes twice is one. `[profile x]` is read as `[x]`, as the AWS
 * CLI's config file has it.
 */
export function parseIniFile(text: string): ReadonlyMap<string, IniSection> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = SECTION.exec(line)?.[1];
    if (section !== undefined) {
      const name = section.replace(/^profile\s+/, "").replace(/^(["'])(.*)\1$/, "$2");
      current = sections.get(name) ?? new Map<string, string>();
      sections.set(name, current);
      continue;
    }
    const [, name, value] = SETTING.exec(line) ?? [];
    if (name !== undefined && value !== undefined) current?.set(name.toLowerCase(), value);
  }
  return sections;
}
