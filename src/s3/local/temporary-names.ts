import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readlinkSync, unlinkSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Context } from "../../context.js";

const SUFFIX = ".fetch-creds";

/** `.NAME.PID_HOME_RUN_COUNT.fetch-creds` */
const PATTERN = /^\..*\.([0-9a-z]+)_([0-9a-z]+)_([0-9a-z]+)_[0-9a-z]+\.fetch-creds$/s;

/** Whether a file's name, without its folder, is one of ours in the making: an upload of the folder passes it over. */
export function isTemporaryName(name: string): boolean {
  return PATTERN.test(name);
}

/** Most file systems take names of 255 bytes. */
const MAX_NAME = 255;

/** A temporary file of another machine or container, whose processes we cannot see, is given up after a day. */
const FOREIGN_AGE_MS = 24 * 3600 * 1000;

/** Which machine and container a process id belongs to. */
function home(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Not Linux: the host name alone.
  }
  return createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 6);
}

function cutTo(bytes: number, name: string): string {
  let cut = name;
  while (Buffer.byteLength(cut) > bytes) cut = [...cut].slice(0, -1).join("");
  return cut;
}

/** Another one each time when open folders were closed: their numbers are then used again for others. */
let closings = {};

/** To be told when folders that went by `/proc/self/fd/N` are closed (HeldFolders). */
export function openFoldersClosed(): void {
  closings = {};
}

type World = Pick<Context, "pid" | "isRunning" | "random" | "now">;

/** The runs of this very process: a store each. */
const runsHere = new Set<string>();

/**
 * Names for files in the making, beside their targets so that a rename can put them there. A name tells whose it is:
 * what a run that was killed left behind is removed when another writes into the same folder.
 */
export class TemporaryNames {
  readonly #home = home();
  readonly #run: string;
  readonly #context: World;
  #count = 0;
  readonly #cleared = new Set<string>();
  #closings = closings;

  constructor(context: World) {
    this.#run = Math.floor(context.random() * 36 ** 6).toString(36);
    runsHere.add(this.#run);
    this.#context = context;
  }

  /** A fresh name beside `target`; at the first in a folder, leftovers there are removed. */
  beside(target: string): string {
    this.#visit(dirname(target));
    const token = `.${this.#context.pid.toString(36)}_${this.#home}_${this.#run}_${this.#fresh()}${SUFFIX}`;
    const name = basename(target);
    // Each of many small files has one: put together without the care that `join` takes.
    return `${target.slice(0, -name.length)}.${cutTo(MAX_NAME - 1 - token.length, name)}${token}`;
  }

  /** Another each time, and not to be guessed from those before: who makes it first would be in the way. */
  #fresh(): string {
    const unguessed = Math.floor(this.#context.random() * 36 ** 6).toString(36);
    return (this.#count++).toString(36) + unguessed.padStart(6, "0");
  }

  /** Files will be made in the folder: leftovers there are removed when it is the first time. */
  #visit(folder: string): void {
    if (this.#closings !== closings) {
      this.#closings = closings;
      this.#cleared.clear();
    }
    if (this.#cleared.has(folder)) return;
    this.#cleared.add(folder);
    this.#clear(folder);
  }

  #clear(folder: string): void {
    try {
      for (const name of readdirSync(folder)) {
        if (this.#isLeftover(folder, name)) unlinkSync(join(folder, name));
      }
    } catch {
      // A folder that cannot be read or written is the business of the transfer itself.
    }
  }

  #isLeftover(folder: string, name: string): boolean {
    const { pid, now, isRunning } = this.#context;
    const [, maker = "", home, run = ""] = name.match(PATTERN) ?? [];
    if (maker === "") return false;
    if (home !== this.#home) return now() - lstatSync(join(folder, name)).mtimeMs > FOREIGN_AGE_MS;
    const owner = Number.parseInt(maker, 36);
    // The first process of a container has the same number in each run.
    return owner === pid ? !runsHere.has(run) : !isRunning(owner);
  }
}
