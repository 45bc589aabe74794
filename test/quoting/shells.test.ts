import { afterAll, describe, expect, it } from "vitest";
import { hostileValues } from "../support/hostile-values.js";
import { missing, SHELLS, seenBy } from "../support/shells.js";
import { temporaryFolder } from "../support/temporary-folder.js";

/** 100,000 in a long run. */
const COUNT = Number(process.env.QUOTING_VALUES ?? 20_000);
const SEED = Number(process.env.QUOTING_SEED ?? Date.now() % 1_000_000);
const BATCH = 1000;

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Every byte a value can hold, one by one and between quotes of each kind. */
const singles = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1)).flatMap(
  (character) => [character, `'${character}'`, `"${character}`, `\\${character}`],
);

describe(`${COUNT} hostile values, seed ${SEED}`, () => {
  for (const shell of SHELLS) {
    const reason = missing(shell);
    it.skipIf(reason !== undefined)(
      `${shell.name} sees what we had${reason ? ` (skipped: ${reason})` : ""}`,
      () => {
        expect(seenBy(shell, singles, folder.path)).toEqual(singles);
        for (let done = 0; done < COUNT; done += BATCH) {
          const values = hostileValues(Math.min(BATCH, COUNT - done), SEED + done);
          const seen = seenBy(shell, values, folder.path);
          const wrong = values.findIndex((value, index) => seen[index] !== value);
          // One pair says more than two lists of a thousand.
          if (wrong >= 0) expect(seen[wrong]).toBe(values[wrong]);
          expect(seen.length).toBe(values.length);
        }
      },
    );
  }
});
