/** Whether a file's name is one of a download under way, or of one that was killed: no part of any tree. */
export function isTemporaryName(name: string): boolean {
  return name.endsWith(".fetch-creds") && /^\..*\.[^.]+\.fetch-creds$/.test(name);
}
