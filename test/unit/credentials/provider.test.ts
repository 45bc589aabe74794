import { describe, expect, it } from "vitest";
import { createProvider, refreshTime } from "../../../src/credentials/provider.js";
import { Failure } from "../../../src/failure.js";

const MINUTE = 60_000;

/** A source whose keys live `lifeMs`, and a clock that the test moves. */
function world(lifeMs: number | undefined) {
  const state = {
    now: 0,
    fetches: 0,
    failing: false,
    hanging: false,
    /** How long a fetch takes. */
    takes: 0,
    failure: undefined as Error | undefined,
  };
  const steps: string[] = [];
  const provider = createProvider(
    {
      description: { kind: "container", name: "V", place: "environment" },
      fetch: async () => {
        state.fetches++;
        if (state.hanging) await new Promise(() => undefined);
        state.now += state.takes;
        if (state.failing) throw new Error("down");
        if (state.failure !== undefined) throw state.failure;
        const keys = { accessKeyId: `A${state.fetches}`, secretAccessKey: "S" };
        if (lifeMs === undefined) return { credentials: keys };
        return { credentials: { ...keys, expiration: { epochMs: state.now + lifeMs, text: "" } } };
      },
    },
    { now: () => state.now, random: () => 0.5, debug: (step) => steps.push(step) },
  );
  const keys = async () => (await provider.get()).accessKeyId;
  return { state, provider, keys, steps };
}

describe("a provider", () => {
  it("hands out no keys any more, not even old ones, once new ones are not those expected", async () => {
    const unexpected = new Failure("unexpected-role", { message: "another role", exitCode: 1 });
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.failure = unexpected;
    state.now = 51 * MINUTE;
    // Asked for beside the work, at last.
    expect(await keys()).toBe("A1");
    await expect(keys()).rejects.toBe(unexpected);
    await expect(keys()).rejects.toBe(unexpected);
    expect(state.fetches).toBe(2);
  });

  it("refuses at once where it waits for the new keys", async () => {
    const unexpected = new Failure("unexpected-role", { message: "another role", exitCode: 1 });
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.failure = unexpected;
    state.now = 59.5 * MINUTE;
    await expect(keys()).rejects.toBe(unexpected);
    expect(state.fetches).toBe(2);
  });

  it("asks once for many at the same time", async () => {
    const { keys } = world(60 * MINUTE);
    expect(await Promise.all([keys(), keys(), keys()])).toEqual(["A1", "A1", "A1"]);
    expect(await keys()).toBe("A1");
  });

  it("refreshes in good time, without waiting for it", async () => {
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.now = 49 * MINUTE;
    expect(await keys()).toBe("A1");
    expect(state.fetches).toBe(1);
    state.now = 51 * MINUTE;
    await keys();
    expect(await keys()).toBe("A2");
    expect(state.fetches).toBe(2);
  });

  it("asks for new keys from the moment that was drawn for it on", async () => {
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.now = 50 * MINUTE - 1;
    await keys();
    expect(state.fetches).toBe(1);
    state.now = 50 * MINUTE;
    await keys();
    expect(state.fetches).toBe(2);
  });

  it("waits for new keys in the last minute of the old ones, and not before", async () => {
    const { state, provider, keys } = world(60 * MINUTE);
    await keys();
    state.hanging = true;
    state.now = 59 * MINUTE - 1;
    expect(provider.get()).toMatchObject({ accessKeyId: "A1" });
    state.now = 59 * MINUTE;
    expect(provider.get()).toBeInstanceOf(Promise);
  });

  it.each([
    [51 * MINUTE, 30_000],
    // Half of what is left to the old keys, where that is less.
    [59.75 * MINUTE, 7500],
  ])("asks again some time after a refresh that failed at %i ms: %i ms", async (at, pause) => {
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.failing = true;
    state.now = at;
    await keys();
    await new Promise(setImmediate);
    state.now = at + pause - 1;
    await keys();
    expect(state.fetches).toBe(2);
    state.now = at + pause;
    await keys();
    expect(state.fetches).toBe(3);
  });

  it("does not wait for a refresh that hangs", async () => {
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.hanging = true;
    state.now = 51 * MINUTE;
    expect(await keys()).toBe("A1");
    expect(await keys()).toBe("A1");
    expect(state.fetches).toBe(2);
  });

  it("keeps the old keys while a refresh fails", async () => {
    const { state, keys } = world(60 * MINUTE);
    await keys();
    state.failing = true;
    state.now = 59.5 * MINUTE;
    expect(await keys()).toBe("A1");
    expect(await keys()).toBe("A1");
    expect(state.fetches).toBe(2);
    state.now = 60 * MINUTE;
    await expect(keys()).rejects.toThrow("down");
    state.failing = false;
    expect(await keys()).toBe("A4");
  });

  it.each([
    new Failure("endpoint-5xx", { message: "down", exitCode: 254 }),
    Object.assign(new Error("down"), { exitCode: 1 }),
  ])("keeps them for any failure but that of an expectation, and says so: %s", async (failure) => {
    const { state, keys, steps } = world(60 * MINUTE);
    await keys();
    state.failure = failure;
    state.now = 59.5 * MINUTE;
    expect(await keys()).toBe("A1");
    expect(steps).toEqual(["refresh failed, the old keys are kept: down"]);
    state.now = 60 * MINUTE;
    await expect(keys()).rejects.toBe(failure);
    await expect(keys()).rejects.toBe(failure);
    expect(state.fetches).toBe(4);
  });

  it.each([0.5 * MINUTE, MINUTE])(
    "hands out no keys that expired while the refresh was failing, for %i ms",
    async (takes) => {
      const { state, keys } = world(60 * MINUTE);
      await keys();
      state.failing = true;
      state.now = 59.5 * MINUTE;
      state.takes = takes;
      await expect(keys()).rejects.toThrow("down");
      expect(state.fetches).toBe(2);
    },
  );

  it.each([0, -1000])(
    "hands out no keys twice that had expired when they came, though the clock goes back (%i ms)",
    async (after) => {
      const { state, keys } = world(-10_000);
      state.now = MINUTE;
      expect(await keys()).toBe("A1");
      state.now += -10_000 - after;
      expect(await keys()).toBe("A2");
    },
  );

  it("asks anew when the server says that they have expired", async () => {
    const { provider, keys } = world(undefined);
    expect(await keys()).toBe("A1");
    provider.expire();
    expect(await keys()).toBe("A2");
  });

  it("never refreshes keys without an expiry", async () => {
    const { state, keys } = world(undefined);
    await keys();
    state.now = 1e15;
    expect(await keys()).toBe("A1");
  });
});

it.each([
  [60, 0, 55],
  [60, 0.5, 50],
  [60, 1, 45],
  [8, 0.5, 4],
  [1, 0.5, 0.5],
])("keys that live %i minutes are refreshed (random %f) after %f", (life, random, after) => {
  for (const now of [0, 7 * MINUTE])
    expect(refreshTime(now, now + life * MINUTE, random)).toBe(now + after * MINUTE);
});
