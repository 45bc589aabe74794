import type { Context } from "../context.js";
import { ExitCode, Failure } from "../failure.js";
import { pastablePath } from "../output/own-path.js";
import { CREDENTIALS_SECRET, FULL_URI, RELATIVE_URI } from "./variables.js";
import { emptySecrets, secretState, whatLiesThere } from "./what-lies-there.js";

/** Keys instead of an address, wherever there is no endpoint. */
const KEYS_INSTEAD = `outside CodeBuild and ECS: \`docker build --secret id=${CREDENTIALS_SECRET},src=FILE .\`, and in the Dockerfile \`RUN --mount=type=secret,id=${CREDENTIALS_SECRET}\``;

/** The ways to pass an address in. Each line says where it applies, and then what to write. */
const ADDRESS = [
  `in CodeBuild or ECS: \`docker build --secret id=${RELATIVE_URI},env=${RELATIVE_URI} .\`, and in the Dockerfile \`RUN --mount=type=secret,id=${RELATIVE_URI}\``,
  `without BuildKit: \`docker build --build-arg ${RELATIVE_URI} .\`, and in the Dockerfile \`ARG ${RELATIVE_URI}\` after FROM`,
];

/**
 * No source at all: first what is there, but empty or not used, and then what to write, in one layout.
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
  const lines = [
    ...passed,
    ...whatLiesThere(purpose, context, profile),
    // Who has passed the secret need not be told to: it is its value that is missing.
    ...(passed.length > 0 ? [] : ADDRESS),
    ...(secretState(secretsFolder, CREDENTIALS_SECRET) === "empty" ? [] : [KEYS_INSTEAD]),
    `to check everything: node ${pastablePath(scriptPath)} doctor`,
  ];
  return new Failure("no-source", {
    message: `no credential source found: ${keys}neither ${RELATIVE_URI} nor ${FULL_URI} is in the environment or under /run/secrets${seen}`,
    hint: lines.join("\n"),
    exitCode: ExitCode.configuration,
  });
}
