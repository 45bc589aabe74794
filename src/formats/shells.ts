import type { Credentials } from "../credentials/credentials.js";
import { notRepresentable } from "./failures.js";
import type { Format, FormatOptions } from "./format.js";
import { quoteCmd } from "./quote-cmd.js";
import { quoteFish } from "./quote-fish.js";
import { isBare, quotePosix } from "./quote-posix.js";
import { quotePowershell } from "./quote-powershell.js";
import { credentialVariables, regionVariables } from "./variables.js";

interface Syntax {
  readonly set: (name: string, value: string) => string;
  /** The lines that take these variables away, where they are there. */
  readonly unset: (names: readonly string[]) => readonly string[];
}

/** The lines that set, and those that unset. */
function lines(
  { set, unset }: Syntax,
  credentials: Credentials,
  { region, defaultRegion }: FormatOptions,
): [sets: readonly string[], unsets: readonly string[]] {
  const change = credentialVariables(credentials);
  return [
    [...change.set, ...regionVariables(region, defaultRegion)].map(([name, value]) => set(name, value)),
    unset(change.unset),
  ];
}

function text(...parts: readonly (readonly string[])[]): string {
  return `${parts.flat().join("\n")}\n`;
}

/** Unsetting last: an `eval $(…)` without quotes, whose lines run together, then still sets everything. */
export const env: Format = {
  name: "env",
  write: (...given) =>
    text(
      ...lines(
        {
          set: (name, value) => `export ${name}=${quotePosix(value)}`,
          unset: (names) => [`unset ${names.join(" ")}`],
        },
        ...given,
      ),
    ),
  failureLine: "false",
};

/**
 * NAME=VALUE lines and nothing else, for what reads them without a shell's rules (`docker run --env-file`, GITHUB_ENV,
 * dotenv) or with some of them (`env $(…)`, `export $(…)`): a value that these read differently has no form here.
 */
export const envNoExport: Format = {
  name: "env-no-export",
  write: (...given) => {
    const set = (name: string, value: string) => {
      if (!isBare(value)) throw notRepresentable(name, "env-no-export");
      return `${name}=${value}`;
    };
    const [sets] = lines({ set, unset: () => [] }, ...given);
    return text(sets);
  },
};

/** Unsetting first: where erasing what is not there counts as an error, the last line's status stands for the whole. */
function unsettingFirst(syntax: Syntax, ...given: Parameters<Format["write"]>): string {
  const [sets, unsets] = lines(syntax, ...given);
  return text(unsets, sets);
}

export const fish: Format = {
  name: "fish",
  write: (...given) =>
    unsettingFirst(
      {
        // The semicolons keep the lines apart in `eval (...)`, which joins them with spaces.
        set: (name, value) => `set -gx ${name} ${quoteFish(value)};`,
        // Erasing what is not there is an error, and `set` passes an earlier status on.
        unset: (names) => names.map((name) => `set -e ${name}; or true;`),
      },
      ...given,
    ),
  failureLine: "false",
};

export const powershell: Format = {
  name: "powershell",
  write: (...given) =>
    unsettingFirst(
      {
        set: (name, value) => `$Env:${name} = ${quotePowershell(value)}`,
        unset: (names) => names.map((name) => `Remove-Item -ErrorAction Ignore Env:${name}`),
      },
      ...given,
    ),
  failureLine: "throw 'fetch-creds: no credentials'",
};

export const windowsCmd: Format = {
  name: "windows-cmd",
  write: (...given) =>
    unsettingFirst(
      {
        set: (name, value) => {
          const quoted = quoteCmd(value);
          if (quoted === undefined) throw notRepresentable(name, "windows-cmd");
          return `set ${name}=${quoted}`;
        },
        unset: (names) => names.map((name) => `set ${name}=`),
      },
      ...given,
    ),
};
