import { describe, expect, it } from "vitest";
import { openStore } from "../../../src/s3/open-store.js";
import {
  BREAKS,
  type BreakingServer,
  stagesOf,
  startBreakingServer,
  WAYS,
} from "../../support/breaking-server.js";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { quickContext } from "../../support/store-world.js";

/** Tries of a request, and of a body that breaks off; whatever a library connects again by itself comes on top. */
const TRIES = 5;

/** Milliseconds: what is silent is waited for so long, in each try. */
const LIMIT_MS = 400;

/** What does not have to be waited for must not be taken for silence on a busy machine. */
const LONG_MS = 30_000;

const CASES = WAYS.flatMap((way) =>
  stagesOf(way).flatMap((stage) => BREAKS.map((how) => ({ way, stage, how }))),
);

/** A listing that fails, and what the server saw of it. */
async function listedFrom(server: BreakingServer, limitMs: number) {
  const store = openStore(
    {
      credentials: undefined,
      expire: () => undefined,
      region: "us-east-1",
      endpointUrl: server.url,
      caBundle: CERTIFICATE_FILE,
      verifySsl: true,
      addressingStyle: "auto",
      dualStack: false,
      requestPayer: undefined,
      requestChecksums: "when_supported",
      responseChecksums: "when_supported",
      fips: false,
      connectTimeoutMs: limitMs,
      readTimeoutMs: limitMs,
      concurrency: undefined,
      partSize: undefined,
    },
    quickContext(server.env),
  );
  try {
    const pages = store.list({ bucket: "b", prefix: "" })[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toMatchObject({ id: "s3-unreachable" });
    return { struck: server.struck(), connections: server.connections() };
  } finally {
    await store.close();
    await server.close();
  }
}

describe.concurrent("a server or proxy that breaks each connection is given up after five tries", () => {
  it.each(CASES)("$way: at $stage it $how", { timeout: 120_000 }, async ({ way, stage, how }) => {
    // On a busy machine the stage may be reached later than that: then what is silent is waited for longer.
    for (let limit = how === "is silent" ? LIMIT_MS : LONG_MS; ; limit *= 4) {
      const { struck, connections } = await listedFrom(await startBreakingServer(way, stage, how), limit);
      if (struck === 0 && limit < LONG_MS) continue;
      expect(struck).toBeGreaterThan(0);
      expect(connections).toBeLessThanOrEqual(2 * TRIES);
      return;
    }
  });
});
