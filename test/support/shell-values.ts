import { expect, it } from "vitest";
import { hostileValues } from "./hostile-values.js";
import { missing, SHELLS, type Shell, seenBy } from "./shells.js";
import { temporaryFolder } from "./temporary-folder.js";

/** In one script. */
const BATCH = 1000;

function expectSeen(shell: Shell, values: readonly string[]): void {
  using folder = temporaryFolder();
  const seen = seenBy(shell, values, folder.path);
  const wrong = values.findIndex((value, index) => seen[index] !== value);
  // One pair says more than two lists of a thousand.
  if (wrong >= 0) expect(seen[wrong]).toBe(values[wrong]);
  expect(seen.length).toBe(values.length);
}

/**
 * Tests that each shell of this machine reads our export of hostile values as what they are.
 *
 * @param more values beside those that are drawn
 */
export function eachShellSees(count: number, seed: number, more: readonly string[] = []): void {
  for (const shell of SHELLS) {
    const reason = missing(shell);
    const title = `${shell.name} sees what we had${reason ? ` (skipped: ${reason})` : ""}`;
    it.skipIf(reason !== undefined)(title, () => {
      if (more.length > 0) expectSeen(shell, more);
      for (let done = 0; done < count; done += BATCH)
        expectSeen(shell, hostileValues(Math.min(BATCH, count - done), seed + done));
    });
  }
}
