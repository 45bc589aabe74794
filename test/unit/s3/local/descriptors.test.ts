import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  descriptorBudget,
  lacksDescriptors,
  requireDescriptors,
  shareOut,
  withDescriptors,
} from "../../../../src/s3/local/descriptors.js";
import { localFailure, tooFewDescriptors } from "../../../../src/s3/local-failures.js";

const systemFault = (code: string) => Object.assign(new Error(code), { code, syscall: "open" });

describe("shareOut", () => {
  it.each([
    // A connection counts twice; whatever the limit, there is one request and one file.
    [0, { requests: 1, files: 1, folders: 0 }],
    [10, { requests: 1, files: 1, folders: 0 }],
    [17, { requests: 1, files: 1, folders: 0 }],
    [18, { requests: 2, files: 2, folders: 1 }],
    [21, { requests: 2, files: 2, folders: 1 }],
    [22, { requests: 3, files: 3, folders: 1 }],
    [393, { requests: 95, files: 95, folders: 47 }],
    [394, { requests: 96, files: 96, folders: 48 }],
    [777, { requests: 96, files: 96, folders: 95 }],
    [778, { requests: 96, files: 96, folders: 96 }],
    [1_000_000, { requests: 96, files: 96, folders: 96 }],
    [undefined, { requests: 96, files: 96, folders: 96 }],
  ])("of %s descriptors", (free, budget) => {
    expect(shareOut(free)).toEqual(budget);
    // Fewer than are usual change nothing.
    expect(shareOut(free, 95)).toEqual(budget);
  });

  it("gives as many as are wanted, where there are so many", () => {
    expect(shareOut(1_000_000, 97)).toEqual({ requests: 97, files: 97, folders: 96 });
    expect(shareOut(410, 200)).toEqual({ requests: 100, files: 100, folders: 50 });
  });

  it("is asked with what this process may open", () => {
    const { requests, files, folders } = descriptorBudget(5000);
    expect(requests).toBeGreaterThanOrEqual(1);
    expect(files).toBe(requests);
    expect(folders).toBeLessThanOrEqual(96);
  });
});

describe("lacksDescriptors", () => {
  it.each([
    ["EMFILE", true],
    ["ENFILE", true],
    ["ENOENT", false],
  ])("%s: %s, as it is or in words", (code, lacks) => {
    expect(lacksDescriptors(systemFault(code))).toBe(lacks);
    expect(lacksDescriptors(localFailure("read", "x", systemFault(code)))).toBe(lacks);
  });

  it("is not what ends a run before it begins", () => {
    expect(lacksDescriptors(tooFewDescriptors(systemFault("EMFILE")))).toBe(false);
  });
});

it("what a transfer needs is looked for, and given back", () => {
  const before = readdirSync("/proc/self/fd").length;
  requireDescriptors();
  expect(readdirSync("/proc/self/fd")).toHaveLength(before);
});

describe("withDescriptors", () => {
  /** Fails so often, then does it. */
  function failing(times: number, code: string) {
    const counted = { tries: 0, waits: 0, asked: 0 };
    const action = () => {
      if (++counted.tries <= times) throw systemFault(code);
      return "done";
    };
    const stopped = () => void counted.asked++;
    const wait = async () => void counted.waits++;
    return { counted, run: () => withDescriptors(action, stopped, wait) };
  }

  it("does again what found no descriptor, after a wait each", async () => {
    const { run, counted } = failing(3, "EMFILE");
    expect(await run()).toBe("done");
    expect(counted).toEqual({ tries: 4, waits: 3, asked: 3 });
  });

  it("does nothing again that fails otherwise", async () => {
    const { run, counted } = failing(1, "ENOENT");
    await expect(run()).rejects.toMatchObject({ code: "ENOENT" });
    expect(counted).toEqual({ tries: 1, waits: 0, asked: 0 });
  });

  it("gives up after 15,000 waits: five minutes", async () => {
    const { run, counted } = failing(Number.POSITIVE_INFINITY, "EMFILE");
    await expect(run()).rejects.toMatchObject({ code: "EMFILE" });
    expect(counted).toEqual({ tries: 15_001, waits: 15_000, asked: 15_000 });
  });

  it("ends when it is stopped", async () => {
    const stopped = () => {
      throw new Error("stopped");
    };
    const action = () => {
      throw systemFault("ENFILE");
    };
    await expect(withDescriptors(action, stopped, async () => undefined)).rejects.toThrow("stopped");
  });

  it("waits for what is done asynchronously, too", async () => {
    let tries = 0;
    const action = async () => {
      if (++tries === 1) throw systemFault("EMFILE");
      return tries;
    };
    expect(await withDescriptors(action)).toBe(2);
  });
});
