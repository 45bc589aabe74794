import { setImmediate } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { LineBuffer } from "../../../src/output/line-buffer.js";
import { testContext } from "../../support/test-context.js";

/** What was written, a text for each write. */
function buffered() {
  const written: string[] = [];
  const { stdout } = testContext();
  stdout.write = (text: string) => written.push(text) > 0;
  return { written, lines: new LineBuffer(() => stdout) };
}

it("writes the lines of one turn together, and those of the next one, too", async () => {
  const { written, lines } = buffered();
  for (const round of ["a", "b"]) {
    for (const line of ["1", "2"]) lines.line(round + line);
    expect(written).toHaveLength(round === "a" ? 0 : 1);
    await setImmediate();
  }
  expect(written).toEqual(["a1\na2\n", "b1\nb2\n"]);
});

it("asks for one turn, however many lines wait for it", async () => {
  const asked = vi.spyOn(globalThis, "setImmediate");
  onTestFinished(() => void asked.mockRestore());
  const { lines } = buffered();
  for (let count = 0; count < 3; count++) lines.line("x");
  expect(asked).toHaveBeenCalledTimes(1);
  await setImmediate();
});

it("writes what is said while others are written, too, and nothing twice", async () => {
  const written: string[] = [];
  const { stdout } = testContext();
  const lines = new LineBuffer(() => stdout);
  stdout.write = (text: string) => {
    if (written.push(text) === 1) lines.line("b");
    return true;
  };
  lines.line("a");
  await setImmediate();
  await setImmediate();
  expect(written).toEqual(["a\n", "b\n"]);
});

it.each([
  [16_382, 0],
  [16_383, 1],
])("writes at once when 16 KiB wait, the newline counted: %d", (length, writes) => {
  const { written, lines } = buffered();
  lines.line("x".repeat(length));
  expect(written).toHaveLength(writes);
  lines.flush();
  expect(written).toEqual([`${"x".repeat(length)}\n`]);
});
