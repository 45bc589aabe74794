import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FORMATS } from "../../src/formats/formats.js";

/** A shell that may be on this machine. */
export interface Shell {
  readonly name: string;
  /** The name of the format that is made for it. */
  readonly format: string;
  readonly options: readonly string[];
  /** What the script begins with. */
  readonly start?: string;
  /** Prints a variable, and a NUL byte. */
  readonly print: (variable: string) => string;
}

const printf = (variable: string) => `printf '%s\\0' "$${variable}"`;

export const SHELLS: readonly Shell[] = [
  { name: "sh", format: "env", options: [], print: printf },
  { name: "dash", format: "env", options: [], print: printf },
  { name: "bash", format: "env", options: ["--norc"], print: printf },
  { name: "zsh", format: "env", options: ["-f"], print: printf },
  { name: "fish", format: "fish", options: ["--no-config"], print: printf },
  {
    name: "pwsh",
    format: "powershell",
    options: ["-NoProfile", "-File"],
    start: "[Console]::OutputEncoding = [Text.Encoding]::UTF8\n",
    print: (variable) => `[Console]::Out.Write($Env:${variable} + [char]0)`,
  },
];

/** Why a shell cannot be tried here; undefined when it can. */
export function missing({ name }: Shell): string | undefined {
  const { error } = spawnSync(name, ["-c", "exit"], { stdio: "ignore" });
  return error === undefined ? undefined : `${name} is not on this machine`;
}

/**
 * What a shell has in AWS_SESSION_TOKEN after it read our export of each value in turn, as one script.
 *
 * @param folder where the script is put
 */
export function seenBy(shell: Shell, values: readonly string[], folder: string): string[] {
  const format = FORMATS.find(({ name }) => name === shell.format);
  const script = values
    .map((sessionToken) => {
      const keys = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken };
      return `${format?.write(keys, { region: undefined, section: "default" })}${shell.print("AWS_SESSION_TOKEN")}\n`;
    })
    .join("");
  const file = join(folder, shell.name === "pwsh" ? "script.ps1" : "script");
  writeFileSync(file, `${shell.start ?? ""}${script}`);
  const { stdout, stderr, status } = spawnSync(shell.name, [...shell.options, file], {
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", HOME: folder },
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${shell.name} ended with ${status}: ${stderr.toString().slice(0, 500)}`);
  return stdout.toString().split("\0").slice(0, -1);
}
