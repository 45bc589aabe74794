import { vi } from "vitest";

// Runs before each test file. Files share a process, but no state of a module: one learns secrets, which all conceal then.
vi.resetModules();
