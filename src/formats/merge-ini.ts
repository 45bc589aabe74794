/** `[name]`, on a line of its own; after a byte order mark, too, as a text of bytes has it. */
const HEADER = /^(?:\xef\xbb\xbf)?[ \t]*\[([^\]]*)\][ \t]*(?:[#;].*)?$/;

const BLANK_OR_COMMENT = /^(?:\xef\xbb\xbf)?[ \t]*(?:[#;].*)?$/;

/** A setting: what stands before it, and its name. */
const SETTING = /^([ \t]*)([^\s=:#;[][^=:]*)[=:]/;

/** What says whose credentials a profile has: none of it may stay beside ours. */
const IDENTITY =
  /^(?:aws_access_key_id|aws_secret_access_key|aws_session_token|aws_security_token|aws_account_id|aws_(?:credential_)?expiration|expiration|x_expiration|x_security_token_expires|x_principal_arn|role_arn|role_session_name|source_profile|credential_source|credential_process|external_id|mfa_serial|duration_seconds|web_identity_token_file|login_session|sso_\w+)$/i;

const withoutEnd = (line: string) => line.replace(/\r?\n/, "");

const headerOf = (line: string) => HEADER.exec(withoutEnd(line))?.[1]?.trim();

/** Lines with their ends. */
const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+/g) ?? [];

/**
 * Whether a file is one of profiles, or an empty one: nothing but comments stands before the first section.
 *
 * @param text  the bytes of the file, one a character (latin1)
 */
export function holdsProfiles(text: string): boolean {
  const lines = linesOf(text);
  const first = lines.findIndex((line) => headerOf(line) !== undefined);
  return lines
    .slice(0, first < 0 ? undefined : first)
    .every((line) => BLANK_OR_COMMENT.test(withoutEnd(line)));
}

/** The settings of a section that stay: none that says whose credentials they are, none that we write. */
function staying(lines: readonly string[], ours: ReadonlySet<string>): string[] {
  let dropping = false;
  // What is indented deeper than the setting above it belongs to that one; the first may stand anywhere.
  let depth = Number.POSITIVE_INFINITY;
  return lines.filter((line) => {
    const [, indent = "", setting] = SETTING.exec(line) ?? [];
    if (setting !== undefined && indent.length <= depth) {
      depth = indent.length;
      const name = setting.trim().toLowerCase();
      dropping = IDENTITY.test(name) || ours.has(name);
    } else if (!/^[ \t]+\S/.test(line)) dropping = false;
    return !dropping;
  });
}

/** What our settings are indented by: as the line that follows, which would belong to the last of them otherwise. */
function indentAfter(head: string, following: readonly string[]): string {
  const next = following.find((line) => !BLANK_OR_COMMENT.test(withoutEnd(line))) ?? head;
  return next.replace(/[^ \t].*/s, "");
}

/**
 * A file of profiles with our section in it: in the place of the section of that name, whose other settings and comments
 * stay, or at the end. Every other byte is as it was.
 *
 * @param text  the bytes of the file, one a character (latin1)
 * @param section  ours, `[name]` and its settings, as a text
 * @returns latin1, too
 */
export function mergeIni(text: string, section: string): string {
  const crlf = /\r\n/.test(text);
  const bytes = Buffer.from(crlf ? section.replaceAll("\n", "\r\n") : section).toString("latin1");
  const [header = "", ...settings] = linesOf(bytes);
  const ours = new Set(settings.map((line) => SETTING.exec(line)?.[2]?.trim() ?? ""));
  const before: string[] = [];
  const parts: string[][] = [];
  for (const line of linesOf(text)) {
    if (headerOf(line) !== undefined) parts.push([line]);
    else (parts.at(-1) ?? before).push(line);
  }
  const isOurs = ([first = ""]: readonly string[]) => headerOf(first) === headerOf(header);
  const place = parts.findIndex(isOurs);
  if (place < 0) return appended(text, bytes, crlf ? "\r\n" : "\n");
  const merged = parts.flatMap((part, index) => {
    if (!isOurs(part)) return part;
    const [head = "", ...body] = part;
    // A section that stands twice is one to readers: ours is the first, what stays of the others stays where it is.
    if (index !== place) return [head, ...staying(body, ours)];
    const indent = indentAfter(head, [...body, ...parts.slice(index + 1).flat()]);
    const written = settings.map((line) => indent + line);
    return [/\n/.test(head) ? head : `${head}\n`, ...written, ...staying(body, ours)];
  });
  return [...before, ...merged].join("");
}

/** At the end, after an empty line. */
function appended(text: string, section: string, end: string): string {
  if (text === "") return section;
  const ended = text.endsWith("\n") ? text : text + end;
  const apart = ended.endsWith(`${end}${end}`) || ended.trim() === "" ? "" : end;
  return `${ended}${apart}${section}`;
}
