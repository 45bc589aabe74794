import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { storeWorld } from "../../../support/store-world.js";

describe("many requests at once", () => {
  it("are all served by a small server that bears few, without a flag", async () => {
    const { server, store, folder, context } = await storeWorld();
    context.sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms / 40));
    for (let index = 0; index < 120; index++) server.put("b", `k${index}`, "x");
    let inFlight = 0;
    let refused = 0;
    server.instead = async () => {
      if (inFlight >= 4) {
        refused++;
        const body = Buffer.from("<Error><Code>SlowDown</Code><Message>m</Message></Error>");
        return { status: 503, headers: { "content-type": "application/xml" }, body };
      }
      inFlight++;
      await new Promise((resolve) => setTimeout(resolve, 2));
      inFlight--;
      return undefined;
    };
    await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        store.download(
          { bucket: "b", key: `k${index}` },
          { kind: "file", path: folder.at(`k${index}`) },
          { size: 1 },
        ),
      ),
    );
    expect(readdirSync(folder.path)).toHaveLength(120);
    expect(refused).toBeGreaterThan(0);
    expect(server.requests.length).toBeLessThan(120 * 2);
  });
});
