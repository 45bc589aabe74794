import type { Dispatcher } from "undici";
import { expect, it } from "vitest";
import { Stop } from "../../../../src/s3/requests/stop.js";
import { exchange } from "../../../../src/s3/wire/exchange.js";

it("a stop ends a request at once that has no connection yet", async () => {
  const handlers: Dispatcher.DispatchHandler[] = [];
  const connecting = {
    dispatch: (_: unknown, handler: Dispatcher.DispatchHandler) => handlers.push(handler) > 0,
  } as unknown as Dispatcher;
  const stop = new Stop();
  const request = { origin: "http://x", method: "GET", path: "/", headers: {} } as const;
  const answer = exchange(connecting, request, undefined, stop);
  const reason = new Error("SIGINT");
  stop.stop(reason);
  await expect(answer).rejects.toBe(reason);
  // When the connection is made after all, nothing goes over it.
  const aborted: unknown[] = [];
  const controller = { abort: (why: unknown) => aborted.push(why) };
  handlers[0]?.onRequestStart?.(controller as unknown as Dispatcher.DispatchController, {});
  expect(aborted).toEqual([reason]);
});
