import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { type Script, startRawEndpoint } from "../../../support/raw-endpoint/raw-endpoint.js";
import { answer } from "../../../support/raw-endpoint/scripts.js";
import { storeWorld } from "../../../support/store-world.js";

it.each([
  { how: "at once counts as crowded out", tookMs: 0, tries: [6, 25] },
  { how: "after a while counts as a try: it was being worked on", tookMs: 10_000, tries: [5, 5] },
] as const)("a request that is reset while others are served $how", async ({ tookMs, tries }) => {
  let asked = 0;
  let now = Date.now();
  const reset: Script = (socket) => {
    asked++;
    now += tookMs;
    socket.resetAndDestroy();
  };
  const raw = await startRawEndpoint("127.0.0.1", 0, ({ target }) =>
    target.includes("broken") ? reset : answer(200, "", { ETag: '"e"' }),
  );
  const world = await storeWorld();
  const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
  const store = world.open({ endpointUrl: url });
  world.context.now = () => now;
  // Another request is served between any two tries.
  world.context.sleep = async () => {
    await store.head({ bucket: "b", key: "served" });
  };
  await expect(store.remove({ bucket: "b", key: "broken" })).rejects.toMatchObject({ id: "s3-unreachable" });
  const [least, most] = tries;
  expect(asked).toBeGreaterThanOrEqual(least);
  expect(asked).toBeLessThanOrEqual(most);
  raw.close();
});
