/** What a thrown value says of itself. */
export interface SystemError {
  /** The system's (`ENOENT`), Node's or OpenSSL's. */
  readonly code: string | undefined;
  /** The call that failed. */
  readonly syscall: string | undefined;
  /** Never empty. */
  readonly message: string;
}

/** Undefined where there is none, and where reading it throws. */
function fieldOf(thrown: unknown, name: string): unknown {
  try {
    return (thrown as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}

function textOf(thrown: unknown, name: string): string | undefined {
  const value = fieldOf(thrown, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function inWords(thrown: unknown): string {
  try {
    return String(thrown ?? "") || "unknown";
  } catch {
    return "unknown";
  }
}

/** Reads what was thrown, be it an error of the system's, of a package's, or any other value. Never throws. */
export function systemError(thrown: unknown): SystemError {
  const code = textOf(thrown, "code");
  const message = textOf(thrown, "message") ?? code ?? inWords(thrown);
  return { code, syscall: textOf(thrown, "syscall"), message };
}

/** The last of several errors in one, as of the addresses of a name; undefined when it is one alone. */
export function lastOf(thrown: unknown): unknown {
  const errors = fieldOf(thrown, "errors");
  return Array.isArray(errors) ? errors.at(-1) : undefined;
}

/** What an error was thrown for; undefined where it does not say. */
export function causeOf(thrown: unknown): unknown {
  return fieldOf(thrown, "cause");
}

/** Where it was thrown, a line for each frame. */
export function framesOf(thrown: unknown): string[] {
  const [, ...frames] = (textOf(thrown, "stack") ?? "").split("\n");
  return frames.map((frame) => frame.trim());
}

/** The words for a code that comes from outside: no `constructor` is found in a table that has none. */
export function wordsFor<T>(table: Readonly<Record<string, T>>, code: string | undefined): T | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
}
