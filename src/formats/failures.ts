import { ExitCode, Failure } from "../failure.js";

/** A value has a character that a format has no way to write. The value is never shown. */
export function notRepresentable(what: string, format: string): Failure {
  return new Failure("not-representable", {
    message: `${what} has characters that the format ${format} cannot hold`,
    hint: "Choose another --format: env, fish, powershell and process hold everything.",
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
