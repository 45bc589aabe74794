import { accessSync, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isOpenForWriting } from "./open-for-writing.js";

/** Offsets in an ELF64 header and its program headers: elf(5). */
const ELF = { identity: 20, programHeadersAt: 32, headerSize: 54, headerCount: 56, interpreterType: 3 };

/** The kernel's limit for one argument or variable is 128 KiB (MAX_ARG_STRLEN); for all of them it is never below 128 KiB. */
const SAFE_SIZE = 128 * 1024;

/** Of a regular file: to open a fifo would wait for who writes to it, and no signal would end that. */
function head(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return Buffer.alloc(0);
    const buffer = Buffer.alloc(4096);
    return buffer.subarray(0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

/** The dynamic loader that a program names; "" when it is static; undefined when the head does not tell. */
function loaderOf(program: Buffer): string | undefined {
  const size = program.readUInt16LE(ELF.headerSize);
  const start = Number(program.readBigUInt64LE(ELF.programHeadersAt));
  for (let index = 0; index < program.readUInt16LE(ELF.headerCount); index++) {
    const entry = program.subarray(start + index * size, start + (index + 1) * size);
    if (entry.readUInt32LE(0) !== ELF.interpreterType) continue;
    const offset = Number(entry.readBigUInt64LE(8));
    const length = Number(entry.readBigUInt64LE(32));
    return offset + length > program.length
      ? undefined
      : program.toString("latin1", offset, offset + length - 1);
  }
  return "";
}

/** Whether the kernel will run this file: a program for the machine we run on whose loader is there, or a script of one. */
function runnable(path: string, now: number, depth = 0): boolean {
  // Somebody who writes to it may have begun a moment ago: what is left of that race is Node's.
  if (isOpenForWriting(path, now) !== false) return false;
  const program = head(path);
  if (program.toString("latin1", 0, 2) === "#!") {
    const interpreter = /^#![ \t]*([^ \t\n]+)[^\n]*\n/.exec(program.toString("latin1"))?.[1];
    if (interpreter === undefined || depth > 2) return false;
    accessSync(interpreter, constants.X_OK);
    return runnable(interpreter, now, depth + 1);
  }
  const own = head("/proc/self/exe");
  if (!program.subarray(0, 5).equals(own.subarray(0, 5))) return false;
  // e_machine; e_type may be either of executable and position-independent.
  if (program.readUInt16LE(18) !== own.readUInt16LE(18)) return false;
  const loader = loaderOf(program);
  if (loader === undefined) return false;
  if (loader !== "") accessSync(loader, constants.X_OK);
  return true;
}

/**
 * Whether execve of this file is sure to work. It must be, since Node aborts with a stack trace when it fails; where we
 * are not sure, the command is started as a child, and what is wrong comes back as an error.
 */
export function surelyRunnable(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  now: number,
): boolean {
  const size = [...args, ...Object.entries(env).flat()].reduce(
    (sum, text) => sum + Buffer.byteLength(text) + 9,
    0,
  );
  if (size > SAFE_SIZE) return false;
  try {
    return runnable(file, now);
  } catch {
    return false;
  }
}
