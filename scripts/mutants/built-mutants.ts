import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeProduct } from "./products.js";

const END_TO_END = ["run", "--project", "fast", "test/e2e", "--bail", "1", "--testTimeout", "60000"];

/** The built file with all changes in it, of which one at a time is made, for the end-to-end tests. */
export class BuiltMutants {
  readonly #copy: string;
  readonly #shebang: string;
  readonly #code: string;

  /** Builds it in the copy. Throws when that fails. */
  constructor(copy: string) {
    this.#copy = copy;
    const { status } = spawnSync(process.execPath, ["build.mjs"], {
      cwd: copy,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error("the file with all changes cannot be built");
    const text = readFileSync(join(copy, "dist/fetch-creds.js"), "utf8");
    const end = text.indexOf("\n") + 1;
    [this.#shebang, this.#code] = [text.slice(0, end), text.slice(end)];
  }

  /** @returns whether all end-to-end tests pass with the change of this number; -1 makes none */
  async passes(mutant: number): Promise<boolean> {
    const folder = join(this.#copy, "mutants", String(mutant));
    const chosen = `globalThis.$mutant = function (number) { return number === ${mutant}; };\n`;
    const name = `mutant ${mutant}`;
    const file = writeProduct({ name, text: this.#shebang + chosen + this.#code }, folder);
    const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", ...END_TO_END], {
      cwd: this.#copy,
      env: { ...process.env, FETCH_CREDS_FILE: file },
      stdio: "ignore",
    });
    const [code] = await once(child, "exit");
    rmSync(folder, { recursive: true });
    return code === 0;
  }
}
