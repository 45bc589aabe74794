/** The escapes of a workflow command's value: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escaped(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A line that GitHub Actions shows as an error on the run's page. */
export function errorAnnotation(message: string): string {
  return `::error title=fetch-creds::${escaped(message)}\n`;
}

/** A line that makes GitHub Actions blank the value out of every log from here on. */
export function maskCommand(value: string): string {
  return `::add-mask::${escaped(value)}\n`;
}
