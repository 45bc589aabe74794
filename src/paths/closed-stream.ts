import { readdirSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { modeOf } from "./inherited-descriptor.js";
import { parentProcess } from "./parent-process.js";

const NULL = "/dev/null";
const BOTH_WAYS = 2;

/** Shells that open what is behind `<` for reading alone, and behind `>` for writing alone. */
const SHELL = /^(?:ba|da|m?k|a)?sh(?:\d+)?$|^busybox$/;

/** Whether what started us never opens /dev/null for both ways by itself. Node does for what a child writes, not for what it reads. */
function opensOneWay(program: string, stream: 0 | 1): boolean {
  return SHELL.test(program) || (stream === 0 && program === "node");
}

/** Whether a descriptor is /dev/null, opened for both ways, as Node opens it in the place of one that is closed. */
function isAsNodeOpens(descriptor: number | string, pid: number | "self" = "self"): boolean {
  return readlinkSync(`/proc/${pid}/fd/${descriptor}`) === NULL && modeOf(descriptor, pid) === BOTH_WAYS;
}

/**
 * Whether a standard stream was closed (`<&-`, `>&-`) when we were started. Node has opened /dev/null there for both ways,
 * which others do as well: Python's DEVNULL, containers, daemons. It is certain only where a shell started us (or Node, of what
 * is read) that has no such descriptor to hand on; anywhere else, and where there is no /proc, the response is no.
 */
export function wasClosed(stream: 0 | 1): boolean {
  try {
    if (!isAsNodeOpens(stream)) return false;
    const parent = parentProcess();
    if (!opensOneWay(basename(readlinkSync(`/proc/${parent}/exe`)), stream)) return false;
    // What it could have handed on: the same stream, or one that it has opened itself.
    const own = readdirSync(`/proc/${parent}/fd`).filter((name) => name === `${stream}` || Number(name) > 2);
    return !own.some((descriptor) => isAsNodeOpens(descriptor, parent));
  } catch {
    return false;
  }
}
