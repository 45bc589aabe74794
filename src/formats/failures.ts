import { ExitCode, Failure } from "../failure.js";

/** A value has a character that a format has no way to write. The value is never shown. */
export function notRepresentable(what: string, format: string): Failure {
  return new Failure("not-representable", {
    message: `${what} has characters that cannot be written with --format ${format}`,
    hint: "Use another --format: env, fish, powershell or process can write all characters.",
    exitCode: ExitCode.other,
  });
}

export function badSection(): Failure {
  return new Failure("bad-section", {
    message: "--ini-section must be a name without brackets and line breaks",
    hint: "Example: --ini-section build",
    exitCode: ExitCode.usage,
  });
}
