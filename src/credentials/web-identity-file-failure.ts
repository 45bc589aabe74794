import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { reason } from "./failures.js";

/** The token's file is not there, or holds no token; nothing was sent. */
export function webIdentityFile(path: string, cause: unknown): Failure {
  return new Failure("web-identity-file", {
    message: `cannot use the web identity token file ${printable(path)}: ${reason(cause)}; nothing was sent`,
    hint: "AWS_WEB_IDENTITY_TOKEN_FILE must name a file, readable for this user, with the token alone: in a build mount it as a secret (--secret id=token,src=FILE, and /run/secrets/token as the file)",
    exitCode: ExitCode.configuration,
    cause,
  });
}
