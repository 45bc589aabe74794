import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { LinkOptions } from "./link.js";

export interface Link {
  /** Of 127.0.0.1. */
  readonly port: number;
  close(): void;
}

/** A link to a port of 127.0.0.1, in a process of its own. */
export async function startLink(target: number, options: LinkOptions): Promise<Link> {
  const words = [
    "--import",
    "tsx",
    join(import.meta.dirname, "main.ts"),
    `${target}`,
    JSON.stringify(options),
  ];
  const child = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return { port: Number(port.toString()), close: () => void child.kill() };
}
