import { expect } from "vitest";

/** Below this a measurement is noise, µs of CPU. */
const SHORTEST = 600;

const LARGEST = 128 * 1024;

/** The CPU time that something takes, µs: other processes do not stretch it. */
export function cpuTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The best of several, which garbage collection does not stretch either. */
function bestOf(times: number, run: () => void): number {
  return Math.min(...Array.from({ length: times }, () => cpuTime(run)));
}

/**
 * Expects that a reader takes at most in proportion longer for more: eight times the input, less than thirty times the
 * time. A quadratic one takes sixty-four.
 *
 * @param input  a text of about `size` characters
 */
export function expectLinear(input: (size: number) => string, read: (text: string) => unknown): void {
  let size = 256;
  let text = input(size);
  const attempt = () => {
    try {
      read(text);
    } catch {
      // What is refused must be refused in time, too.
    }
  };
  attempt();
  while (bestOf(2, attempt) < SHORTEST && size < LARGEST) {
    size *= 2;
    text = input(size);
  }
  const [few, many] = [text, input(size * 8)];
  const growth = () => {
    text = few;
    const small = Math.max(bestOf(4, attempt), SHORTEST / 2);
    text = many;
    return bestOf(3, attempt) / small;
  };
  // A machine with other work may spoil one measurement; a quadratic reader fails each of them.
  let least = growth();
  for (let again = 0; least >= 30 && again < 3; again++) least = Math.min(least, growth());
  expect(least).toBeLessThan(30);
}
