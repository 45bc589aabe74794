import { describe, expect, it } from "vitest";
import { Cancellation } from "../../../src/http/cancellation.js";
import { Counting } from "../../support/counting-cancellation.js";

const REASON = new Error("SIGINT");

/** A cancellation with three who listen, and whom it has told. */
function listened() {
  const cancellation = new Cancellation();
  const told: string[] = [];
  const release = Object.fromEntries(
    ["a", "b", "c"].map((name) => [
      name,
      cancellation.onCancel(({ message }) => told.push(`${name} ${message}`)),
    ]),
  );
  return { cancellation, told, release };
}

describe("a cancellation", () => {
  it("tells each who listens once, with the first reason", () => {
    const { cancellation, told } = listened();
    expect(cancellation.reason).toBeUndefined();
    expect(() => cancellation.throwIfCanceled()).not.toThrow();
    cancellation.cancel(REASON);
    cancellation.cancel(new Error("another"));
    expect(told).toEqual(["a SIGINT", "b SIGINT", "c SIGINT"]);
    expect(cancellation.reason).toBe(REASON);
    expect(() => cancellation.throwIfCanceled()).toThrow(REASON);
  });

  it("tells at once who comes late", () => {
    const { cancellation, told } = listened();
    cancellation.cancel(REASON);
    cancellation.onCancel(({ message }) => told.push(`late ${message}`))();
    expect(told.slice(3)).toEqual(["late SIGINT"]);
  });

  it.each(["a", "b", "c"])("does not tell %s, who listens no more, but all others", (name) => {
    const { cancellation, told, release } = listened();
    release[name]?.();
    // Once more takes nobody else's place.
    release[name]?.();
    cancellation.cancel(REASON);
    expect(told).toEqual(["a", "b", "c"].filter((other) => other !== name).map((other) => `${other} SIGINT`));
  });

  it("comes with the one it is a child of, until it is released, or by itself", () => {
    const parent = new Cancellation();
    const [first, second, third] = [parent.child(), parent.child(), parent.child()];
    third.cancellation.cancel(new Error("itself"));
    second.release();
    parent.cancel(REASON);
    expect([first, second, third].map(({ cancellation }) => cancellation.reason?.message)).toEqual([
      "SIGINT",
      undefined,
      "itself",
    ]);
  });

  it("ends a wait, and keeps nothing of one that has ended", async () => {
    const cancellation = new Counting();
    await expect(cancellation.race(Promise.resolve("done"))).resolves.toBe("done");
    await expect(cancellation.race(Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(cancellation.listening).toBe(0);
    const waiting = cancellation.race(new Promise(() => undefined));
    cancellation.cancel(REASON);
    await expect(waiting).rejects.toBe(REASON);
    await expect(cancellation.race(new Promise(() => undefined))).rejects.toBe(REASON);
  });
});
