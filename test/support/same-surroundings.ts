import { afterAll, vi } from "vitest";

// Runs before each test file. Files share a process, but no state of a module: one learns secrets, which all conceal then.
vi.resetModules();

// What tests lay for other users is theirs to read, whatever the shell's mask.
process.umask(0o022);

// A clock that is still faked would stop the files behind.
afterAll(() => {
  if ("clock" in setTimeout)
    throw new Error("this file of tests, or one before it, has left setTimeout faked");
});
