import { describe, expect, it } from "vitest";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { Turns } from "../../../../src/s3/requests/turns.js";
import { Counting } from "../../../support/counting-cancellation.js";

const tick = () => new Promise(setImmediate);

/** So many that want a turn; the numbers of those that have it, in order. */
function waiting(turns: Turns, count: number) {
  const going: number[] = [];
  for (let number = 0; number < count; number++) {
    const turn = turns.acquire(new Cancellation());
    if (turn === undefined) going.push(number);
    else void turn.then(() => going.push(number));
  }
  return going;
}

describe("Turns", () => {
  it("lets as many go on as its limit says, and the others in their order", async () => {
    const turns = new Turns(2);
    const going = waiting(turns, 5);
    expect([going, turns.inFlight]).toEqual([[0, 1], 2]);
    turns.release();
    await tick();
    expect([going, turns.inFlight]).toEqual([[0, 1, 2], 2]);
    turns.limit = 4;
    await tick();
    expect([going, turns.inFlight]).toEqual([[0, 1, 2, 3, 4], 4]);
  });

  it("lets a later one wait for its turn as well, when there was room between", async () => {
    const turns = new Turns(1);
    turns.acquire(new Cancellation());
    turns.release();
    turns.limit = 1;
    const going = waiting(turns, 2);
    turns.release();
    await tick();
    expect([going, turns.inFlight]).toEqual([[0, 1], 1]);
  });

  it("lets nobody go on while more are in flight than a lowered limit allows", async () => {
    const turns = new Turns(3);
    const going = waiting(turns, 4);
    turns.limit = 1;
    turns.release();
    turns.release();
    await tick();
    expect([going.length, turns.inFlight]).toEqual([3, 1]);
    turns.release();
    await tick();
    expect([going.length, turns.inFlight]).toEqual([4, 1]);
  });

  it("keeps the order of thousands, and counts each once", async () => {
    const turns = new Turns(1);
    const going = waiting(turns, 3000);
    for (let released = 0; released < 3000; released++) {
      turns.release();
      await Promise.resolve();
    }
    await tick();
    expect(going).toEqual(Array.from({ length: 3000 }, (_, number) => number));
    expect(turns.inFlight).toBe(0);
  });

  it("passes over who was canceled, and gives nobody a turn after a cancellation", async () => {
    const turns = new Turns(1);
    const cancellation = new Cancellation();
    turns.acquire(new Cancellation());
    const canceled = turns.acquire(cancellation);
    const going = waiting(turns, 2);
    cancellation.cancel(new Error("stopped"));
    await expect(canceled).rejects.toThrow("stopped");
    expect(() => turns.acquire(cancellation)).toThrow("stopped");
    turns.release();
    await tick();
    expect([going, turns.inFlight]).toEqual([[0], 1]);
  });

  it("does not listen for the cancellation of who has had its turn", async () => {
    const turns = new Turns(1);
    turns.acquire(new Cancellation());
    const cancellation = new Counting();
    const turn = turns.acquire(cancellation);
    expect(cancellation.listening).toBe(1);
    turns.release();
    await turn;
    expect(cancellation.listening).toBe(0);
  });
});
