import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { parentProcess } from "../paths/parent-process.js";

/** open(2)'s flags as /proc/PID/fdinfo shows them; the same numbers on x86-64 and arm64. */
const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const O_ACCMODE = 3;

/** Above the three standard streams. */
const FIRST = 3;

interface Descriptor {
  readonly number: number;
  /** What the link in /proc says: a path, or `pipe:[INODE]`. */
  readonly target: string;
  readonly flags: number;
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .map(Number)
    .sort((a, b) => a - b);
}

function targetOf(folder: string, number: number): string | undefined {
  try {
    return readlinkSync(`${folder}/${number}`);
  } catch {
    // The descriptor of the listing itself, which is closed by now.
    return undefined;
  }
}

function describe(number: number): readonly Descriptor[] {
  const target = targetOf("/proc/self/fd", number);
  if (target === undefined) return [];
  const info = readFileSync(`/proc/self/fdinfo/${number}`, "latin1");
  return [{ number, target, flags: Number.parseInt(/flags:\s*(\d+)/.exec(info)?.[1] ?? "0", 8) }];
}

/** What the process that started us has open: what is open there as well was not opened by Node. */
function targetsOfParent(): ReadonlySet<string> {
  try {
    const folder = `/proc/${parentProcess()}/fd`;
    return new Set(numbers(folder).flatMap((number) => targetOf(folder, number) ?? []));
  } catch {
    // Another user's, or outside of this container.
    return new Set();
  }
}

/** epoll, eventfd and io_uring: nobody hands those on. */
const OWN_KINDS = /^anon_inode:\[(eventpoll|eventfd|io_uring)\]$/;

const EPOLL = "anon_inode:[eventpoll]";

/** The descriptors by the pipe they belong to, of pipes both of whose ends we hold, as Node holds those to itself. */
function pipesToOurselves(open: readonly Descriptor[]): Descriptor[][] {
  const ends = open.filter(({ target }) => target.startsWith("pipe:"));
  const pipes = new Set(ends.map(({ target }) => target));
  return [...pipes]
    .map((pipe) => ends.filter(({ target }) => target === pipe))
    .filter(({ length }) => length === 2);
}

const isNonBlocking = ({ flags }: Descriptor): boolean => (flags & O_NONBLOCK) !== 0;

/**
 * Which of the descriptors Node has opened itself: libuv's loops, each an epoll and a pipe to itself; one more pipe beside
 * the first of them, which blocks; and, once a stream was opened, /dev/null to read. What Node opens gets the lowest free
 * number, so that what is below its first epoll was there before.
 */
function openedByNode(all: readonly Descriptor[]): ReadonlySet<Descriptor> {
  const loops = all.filter(({ target }) => target === EPOLL).map(({ number }) => number);
  const [first = Number.POSITIVE_INFINITY, second = Number.POSITIVE_INFINITY] = loops;
  const fromParent = targetsOfParent();
  const later = all.filter(({ number }) => number > first);
  const pipes = pipesToOurselves(later.filter(({ target }) => !fromParent.has(target)));
  // Should there be several, we cannot tell which is Node's, and one too many does no harm.
  const blocking = pipes.filter((ends) => ends.every((end) => !isNonBlocking(end) && end.number < second));
  return new Set([
    ...all.filter(({ target }) => OWN_KINDS.test(target)),
    ...pipes.filter((ends) => ends.every(isNonBlocking)).flat(),
    ...(blocking.length === 1 ? blocking.flat() : []),
    ...later.filter((each) => each.number > (loops.at(-1) ?? 0) && readsNothing(each)).slice(0, 1),
  ]);
}

const readsNothing = ({ target, flags }: Descriptor): boolean =>
  target === "/dev/null" && (flags & O_ACCMODE) === 0;

/**
 * The descriptors from 3 up that this process was started with and that Node has marked close-on-exec, as it does with
 * all up to 15, and on to the first gap (uv_disable_stdio_inheritance). Those that it has left alone go on to any child.
 *
 * Called before anything else is opened. Where there is no /proc: none.
 */
export function inheritedDescriptors(): readonly number[] {
  try {
    const all = numbers("/proc/self/fd")
      .filter((number) => number >= FIRST)
      .flatMap(describe);
    const own = openedByNode(all);
    return all.filter((each) => (each.flags & O_CLOEXEC) !== 0 && !own.has(each)).map(({ number }) => number);
  } catch {
    return [];
  }
}
