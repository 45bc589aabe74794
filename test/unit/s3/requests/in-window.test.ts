import { describe, expect, it } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { sendInWindow } from "../../../../src/s3/requests/in-window.js";
import { Counting } from "../../../support/counting-cancellation.js";

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("sendInWindow", () => {
  it("sends the numbers from 1 on in order, until one is undefined, and returns what they sent", async () => {
    const asked: number[] = [];
    const sent = await sendInWindow(
      () => 3,
      new Cancellation(),
      async (number) => {
        asked.push(number);
        await tick();
        return number > 10 ? undefined : number * 2;
      },
    );
    expect(asked.slice(0, 11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(sent.sort((a, b) => a - b)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  });

  it("waits for the last of them", async () => {
    const sending = sendInWindow(
      () => 1,
      new Cancellation(),
      async (number) => {
        await tick();
        return number > 3 ? undefined : number;
      },
    );
    expect(await sending).toEqual([1, 2, 3]);
  });

  it("listens for the cancellation until all have ended, be it with a failure", async () => {
    const cancellation = new Counting();
    const failing = sendInWindow(
      () => 1,
      cancellation,
      async () => {
        throw new Error("the first");
      },
    );
    expect(cancellation.listening).toBe(1);
    await expect(failing).rejects.toThrow("the first");
    await sendInWindow(
      () => 1,
      cancellation,
      async () => undefined,
    );
    expect(cancellation.listening).toBe(0);
  });

  it("has as many under way as the window says at the time", async () => {
    let underWay = 0;
    const seen: number[] = [];
    let window = 2;
    await sendInWindow(
      () => window,
      new Cancellation(),
      async (number) => {
        seen.push(++underWay);
        await tick();
        underWay--;
        if (number === 10) window = 5;
        if (number === 40) window = 1;
        return number > 60 ? undefined : number;
      },
    );
    expect(Math.max(...seen.slice(0, 10))).toBe(2);
    expect(Math.max(...seen.slice(12, 40))).toBe(5);
    expect(Math.max(...seen.slice(-10))).toBe(1);
  });

  it("ends the others with the first failure, and waits for them", async () => {
    const ended: number[] = [];
    const sending = sendInWindow(
      () => 4,
      new Cancellation(),
      async (number, cancellation) => {
        try {
          if (number === 3) throw new Error("the third");
          await cancellation.race(new Promise(() => undefined));
          return number;
        } finally {
          ended.push(number);
        }
      },
    );
    await expect(sending).rejects.toThrow("the third");
    expect(ended.sort()).toEqual([1, 2, 3, 4].slice(0, ended.length));
    expect(ended.length).toBeGreaterThanOrEqual(3);
  });

  it("ends with the cancellation's reason, and sends nothing more", async () => {
    const cancellation = new Cancellation();
    let asked = 0;
    const sending = sendInWindow(
      () => 2,
      cancellation,
      async (number) => {
        asked++;
        await tick();
        return number;
      },
    );
    await tick();
    cancellation.cancel(new Error("stopped"));
    await expect(sending).rejects.toThrow("stopped");
    const before = asked;
    await tick();
    expect(asked).toBe(before);
  });
});
