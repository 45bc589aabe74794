import { keyLines, keyVariables, processDocument } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { CONTAINER, section } from "./pieces.js";

/** A profile in force with this command, and the file it prints. */
const process = (
  title: string,
  command: string,
  document = processDocument("process"),
  more: Partial<SetUp> = {},
): SetUp => ({
  title,
  config: section("profile deploy", `credential_process = ${command}`),
  files: { "process.json": document, "two words.json": document, "run.sh": "cat <HOME>/process.json\n" },
  ...more,
  env: { AWS_PROFILE: "deploy", ...more.env },
});
const printing = (title: string, document: string) => process(title, "cat <HOME>/process.json", document);
const changed = (more: Record<string, unknown>) => processDocument("process", more);

export const credentialProcess: SetUpGroup = {
  title: "credential_process",
  setUps: [
    process("by --profile", "cat <HOME>/process.json", undefined, {
      env: { AWS_PROFILE: undefined },
      args: ["--profile", "deploy"],
    }),
    printing("without an end", changed({ Expiration: undefined })),
    printing("without a token", changed({ SessionToken: undefined })),
    printing("expired", changed({ Expiration: "2020-01-01T00:00:00Z" })),
    printing("an end that is no time", changed({ Expiration: "soon" })),
    printing("an empty end", changed({ Expiration: "" })),
    printing("an end that is null", changed({ Expiration: null })),
    printing("Version 2", changed({ Version: 2 })),
    printing("Version as text", changed({ Version: "1" })),
    printing("without a Version", changed({ Version: undefined })),
    printing("without a secret", changed({ SecretAccessKey: undefined })),
    printing("an empty secret", changed({ SecretAccessKey: "" })),
    printing("without an id", changed({ AccessKeyId: undefined })),
    printing("junk", "hello"),
    printing("nothing", ""),
    printing("a list", "[]"),
    printing("a BOM before it", `\ufeff${processDocument("process")}`),
    printing("a line before it", `hello\n${processDocument("process")}`),
    printing("AccountId", changed({ AccountId: "123456789012" })),
    process("fails", "false", undefined, { env: CONTAINER }),
    process("prints keys and fails", "sh -c 'cat <HOME>/process.json; exit 3'"),
    process("writes to standard error", "sh -c 'echo hello >&2; cat <HOME>/process.json'"),
    process("a program that is missing", "<HOME>/no-such-program", undefined, { env: CONTAINER }),
    process("a path in quotes", 'cat "<HOME>/two words.json"'),
    process("a path in single quotes", "cat '<HOME>/two words.json'"),
    process("a path with an escaped blank", "cat <HOME>/two\\ words.json"),
    process("a path with ~", "cat ~/process.json"),
    process("a path with $HOME", "cat $HOME/process.json"),
    process("a pipe", "cat <HOME>/process.json | cat"),
    process("a semicolon", "cat <HOME>/process.json; true"),
    process("a quote that is not closed", 'cat "<HOME>/process.json'),
    process("a script", "sh <HOME>/run.sh"),
    process("an empty command, the container", "", undefined, { env: CONTAINER }),
    process("in credentials", "", undefined, {
      config: "",
      credentials: section("deploy", "credential_process = cat <HOME>/process.json"),
    }),
    process("with keys in credentials", "cat <HOME>/process.json", undefined, {
      credentials: section("deploy", keyLines("shared")),
    }),
    process("with key variables", "cat <HOME>/process.json", undefined, { env: keyVariables("environment") }),
  ].map((setUp) => ({ ...setUp, title: `credential_process: ${setUp.title}` })),
};
