import { expect, it } from "vitest";
import { storeWorld } from "../../../support/store-world.js";

/** Tries of a request. */
const TRIES = 5;

it("asks a server that is silent on a kept connection no oftener than any other: it has the request", async () => {
  const { server, store } = await storeWorld({}, { readTimeoutMs: 1000 });
  server.put("b", "k", "x");
  await store.head({ bucket: "b", key: "k" });
  let asked = 0;
  let answer = () => undefined as undefined;
  const silence = new Promise<undefined>((resolve) => {
    answer = () => void resolve(undefined);
  });
  server.instead = ({ operation }) => {
    if (operation !== "DeleteObject") return undefined;
    asked++;
    return silence;
  };
  await expect(store.remove({ bucket: "b", key: "k" })).rejects.toMatchObject({
    id: "s3-unreachable",
    message: expect.stringContaining("fell silent for 1 s (5 tries)"),
  });
  answer();
  expect(asked).toBe(TRIES);
});
