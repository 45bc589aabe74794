import type { Context } from "../context.js";
import { ExitCode, Failure } from "../failure.js";
import { pastablePath } from "../output/own-path.js";
import { CREDENTIALS_SECRET, FULL_URI, RELATIVE_URI } from "./variables.js";
import { emptySecrets, whatLiesThere } from "./what-lies-there.js";

/** What to write, each command on a line of its own, ready to paste. */
function passItIn(script: string): string[] {
  return [
    `docker build --secret id=${RELATIVE_URI},env=${RELATIVE_URI} .`,
    `  with this in the Dockerfile: RUN --mount=type=secret,id=${RELATIVE_URI} node ${script}`,
    `docker build --build-arg ${RELATIVE_URI} .`,
    `  without BuildKit, with ARG ${RELATIVE_URI} after FROM; ${otherwise(script)}`,
  ];
}

/** Where there is no endpoint; and who looks at all of it. */
function otherwise(script: string): string {
  return `outside CodeBuild and ECS pass keys (docker build --secret id=${CREDENTIALS_SECRET},src=FILE .); node ${script} doctor looks at all of it`;
}

/**
 * No source at all: what to write, ready to paste. Names what is there, but empty, and what is there and not used.
 *
 * @param profile `--profile`
 */
export function noSource(
  purpose: "role" | "s3",
  context: Pick<Context, "env" | "secretsFolder" | "scriptPath" | "uid">,
  profile?: string,
): Failure {
  const { env, secretsFolder, scriptPath } = context;
  const empty = [RELATIVE_URI, FULL_URI].filter((name) => env[name] === "");
  const passed = emptySecrets(secretsFolder);
  const seen = empty.length === 0 ? "" : ` (${empty.join(" and ")} set, but empty)`;
  const keys = purpose === "s3" ? "no keys in variables or profiles, and " : "";
  const script = pastablePath(scriptPath);
  const lines = [
    // Who has passed the secret need not be told to: it is its value that is missing.
    ...(passed.length > 0 ? [...passed, otherwise(script)] : passItIn(script)),
    ...whatLiesThere(purpose, context, profile),
  ];
  return new Failure("no-source", {
    message: `no credential source found: ${keys}neither ${RELATIVE_URI} nor ${FULL_URI} is in the environment or under /run/secrets${seen}`,
    hint: lines.join("\n"),
    exitCode: ExitCode.configuration,
  });
}
