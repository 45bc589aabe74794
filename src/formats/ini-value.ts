/**
 * A value as an INI file's reader gives it back. There is no quoting in the AWS files: readers cut white space at both
 * ends, and some of them (the JavaScript SDK's parseIni) take ` #` and ` ;` for the start of a comment.
 *
 * @returns undefined when the value would not come back as it is
 */
export function iniValue(value: string): string | undefined {
  if (value === "" || value !== value.trim() || /[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(value))
    return undefined;
  return /(^|\s)[#;]/.test(value) ? undefined : value;
}
