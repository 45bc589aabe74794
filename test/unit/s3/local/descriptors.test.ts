import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  descriptorBudget,
  lacksDescriptors,
  requireDescriptors,
  shareOut,
  withDescriptors,
} from "../../../../src/s3/local/descriptors.js";
import { localFailure, tooFewDescriptors } from "../../../../src/s3/local-failures.js";

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const { closeSync, openSync, readdirSync, readFileSync } = fs;
  const watched = { closeSync, openSync, readdirSync, readFileSync };
  return {
    ...fs,
    ...Object.fromEntries(Object.entries(watched).map(([name, real]) => [name, vi.fn(real as () => void)])),
  };
});
beforeEach(() => void vi.clearAllMocks());

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

describe("what this process may still open", () => {
  const PLENTY = shareOut(undefined);

  it.each([
    // The soft limit counts, and of it what is not open yet.
    ["90                   4096", shareOut(70)],
    ["unlimited            unlimited", PLENTY],
  ])("is told by the system: %s", (limits, budget) => {
    vi.mocked(readFileSync).mockReturnValueOnce(
      `Max cpu time  1\nMax open files            ${limits}  files\n`,
    );
    vi.mocked(readdirSync).mockReturnValueOnce(Array.from({ length: 20 }));
    expect(descriptorBudget()).toEqual(budget);
  });

  it("is taken for plenty where the system does not tell", () => {
    vi.mocked(readFileSync).mockImplementationOnce(() => {
      throw systemFault("ENOENT");
    });
    expect(descriptorBudget()).toEqual(PLENTY);
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

describe("a connection, a folder and a file", () => {
  /** Two can be opened, and the third fails so. */
  function failingAtTheThird(code: string): void {
    const open = vi.mocked(openSync).getMockImplementation() as typeof openSync;
    for (const action of [open, open]) vi.mocked(openSync).mockImplementationOnce(action);
    vi.mocked(openSync).mockImplementationOnce(() => {
      throw systemFault(code);
    });
  }

  it("are looked for at once, and given back", () => {
    requireDescriptors();
    const opened = vi.mocked(openSync).mock.results.map(({ value }) => [value]);
    expect(opened).toHaveLength(3);
    expect(vi.mocked(closeSync).mock.calls).toEqual(opened);
  });

  it.each([
    ["EMFILE", "local-too-few-descriptors"],
    ["ENFILE", undefined],
    ["ENOENT", undefined],
  ])("are missing where there is none left for this process: %s", (code, id) => {
    failingAtTheThird(code);
    if (id === undefined) requireDescriptors();
    else expect(requireDescriptors).toThrow(expect.objectContaining({ id }));
    expect(closeSync).toHaveBeenCalledTimes(2);
  });
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

  it("does nothing more once it is stopped while it waits", async () => {
    const action = vi.fn(() => {
      throw systemFault("EMFILE");
    });
    let isStopped = false;
    const stopped = () => {
      if (isStopped) throw new Error("stopped");
    };
    const wait = async () => {
      isStopped = true;
    };
    await expect(withDescriptors(action, stopped, wait)).rejects.toThrow("stopped");
    expect(action).toHaveBeenCalledOnce();
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
