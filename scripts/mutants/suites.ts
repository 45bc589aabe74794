import { existsSync } from "node:fs";

/** A suite that runs the built file, and how. */
export interface Suite {
  readonly name: string;
  /** The command line, to which vitest's options are added. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** For how long a test may wait for what never comes, in ms: longer than one that passes takes. */
  readonly patience?: number;
  /** Programs without which it cannot run. */
  readonly needs: readonly string[];
}

const VITEST = [process.execPath, "node_modules/vitest/vitest.mjs", "run", "--project"];
/** What makes the root of Debian's testing suite. */
const FORKY = ["/usr/sbin/debootstrap"];

/** The AWS CLI and Docker take their time. */
const BESIDE_OTHERS = 60_000;

export const SUITES: readonly Suite[] = [
  { name: "e2e", command: [...VITEST, "fast", "test/e2e"], needs: [] },
  { name: "cases", command: [...VITEST, "cases"], needs: [] },
  { name: "faults", command: [...VITEST, "faults", "--maxConcurrency", "8"], needs: FORKY },
  { name: "conformance", command: [...VITEST, "conformance"], needs: ["/usr/bin/unshare", "/usr/sbin/ip"] },
  { name: "kill", command: [...VITEST, "kill"], env: { KILL_ROUNDS: "40" }, needs: [] },
  { name: "soak", command: [...VITEST, "soak"], env: { SOAK_SECONDS: "12" }, needs: [] },
  { name: "parity", command: [...VITEST, "parity"], patience: BESIDE_OTHERS, needs: FORKY },
  // Its other test runs e2e and cases once more.
  { name: "nodes", command: [...VITEST, "nodes", "test/nodes/too-old.test.ts"], needs: [] },
  {
    name: "docker",
    command: [process.execPath, "--import", "tsx", "test/docker/run.ts"],
    patience: BESIDE_OTHERS,
    needs: [...FORKY, "/usr/sbin/dockerd"],
  },
];

/** The other suites, which do not run the built file that is given. */
export const WITHOUT_PRODUCT: Readonly<Record<string, string>> = {
  "unit, property, fuzz, quoting": "call the functions of src",
  bundle: "measures what the build has written",
  release: "builds its own files",
};

/** What the suite needs and is not here. */
export function missingFor(suite: Suite): string[] {
  return suite.needs.filter((program) => !existsSync(program));
}
