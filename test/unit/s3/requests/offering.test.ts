import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { offering, RefusedHeaders } from "../../../../src/s3/requests/refused-headers.js";
import type { S3Request } from "../../../../src/s3/requests/request.js";
import { errorOf } from "../../../support/refusing-store.js";

const refusal = (message: string) => new ServerError(errorOf(400, "InvalidArgument", message), "X");
const UNNAMED = refusal("Invalid Argument");
const DENIED = new ServerError(errorOf(403, "AccessDenied", "m"), "X");
const REQUEST: S3Request = {
  operation: "X",
  method: "GET",
  headers: { "x-a": "1", "x-b": "2", "x-c": "3" },
  optional: ["x-a", "x-b"],
};

/** Which headers each try had, when it failed with these errors, and how it ended. */
async function offer(errors: readonly Error[], memory = new RefusedHeaders(), request = REQUEST) {
  const left = [...errors];
  const tries: string[] = [];
  const ended = await offering(request, memory, async ({ headers = {}, leavesOut }) => {
    tries.push(
      Object.keys(headers)
        .filter((name) => leavesOut?.(name) !== true)
        .join(" "),
    );
    const next = left.shift();
    if (next !== undefined) throw next;
    return "done";
  }).catch((error: unknown) => error);
  const known = ["x-a", "x-b", "x-c"];
  return {
    tries,
    ended,
    memory,
    refused: known.filter((name) => memory.isRefused(name)),
    taken: known.filter((name) => memory.isTaken(name)),
  };
}

describe("what is optional in a request", () => {
  it("is sent, and then known to be taken", async () => {
    expect(await offer([])).toMatchObject({
      tries: ["x-a x-b x-c"],
      ended: "done",
      refused: [],
      taken: ["x-a", "x-b"],
    });
  });

  it("is left out when it is refused by name, from then on", async () => {
    const { memory, ...first } = await offer([refusal("no X-B here")]);
    expect(first).toMatchObject({
      tries: ["x-a x-b x-c", "x-a x-c"],
      ended: "done",
      refused: ["x-b"],
      taken: ["x-a"],
    });
    expect((await offer([], memory)).tries).toEqual(["x-a x-c"]);
  });

  it("is left out at once when several are refused by name", async () => {
    expect((await offer([refusal("neither x-a nor x-b")])).tries).toEqual(["x-a x-b x-c", "x-c"]);
  });

  it("is left out one after the other when none is named", async () => {
    const { tries, ended, refused, taken } = await offer([UNNAMED, UNNAMED]);
    expect([tries, ended]).toEqual([["x-a x-b x-c", "x-b x-c", "x-c"], "done"]);
    expect([refused, taken]).toEqual([["x-a", "x-b"], []]);
  });

  it("is not suspected again once the server has taken it", async () => {
    const { memory } = await offer([refusal("x-b")]);
    const { tries, ended } = await offer([UNNAMED], memory);
    expect([tries, ended]).toEqual([["x-a x-c"], UNNAMED]);
  });

  it("is acquitted when it was left out in vain", async () => {
    const { ended, refused, taken } = await offer([UNNAMED, UNNAMED, UNNAMED]);
    expect([ended, refused, taken]).toEqual([UNNAMED, [], ["x-a", "x-b"]]);
    const { taken: none, refused: nor } = await offer([UNNAMED, DENIED]);
    expect([none, nor]).toEqual([[], []]);
  });

  it("is sent once where something else fails", async () => {
    expect(await offer([DENIED])).toMatchObject({
      tries: ["x-a x-b x-c"],
      ended: DENIED,
      refused: [],
      taken: [],
    });
  });

  it("is known to be taken as soon as the response begins", async () => {
    const memory = new RefusedHeaders();
    const seen: number[] = [];
    const sink = {
      onResponse: ({ status }: { status: number }) => void seen.push(status),
      onChunk: () => undefined,
    };
    await offering({ ...REQUEST, sink }, memory, async (offered) => {
      offered.leavesOut?.("x-a");
      expect(memory.isTaken("x-a")).toBe(false);
      offered.sink?.onResponse({ status: 200, headers: {} });
      expect(memory.isTaken("x-a")).toBe(true);
    });
    expect(seen).toEqual([200]);
  });

  it("may be nothing: then the request goes out as it is", async () => {
    const { optional: _, ...plain } = REQUEST;
    let sent: S3Request | undefined;
    await offering(plain, new RefusedHeaders(), async (request) => {
      sent = request;
    });
    expect(sent).toBe(plain);
    expect((await offer([refusal("x-a")], new RefusedHeaders(), plain)).tries).toHaveLength(1);
  });
});
