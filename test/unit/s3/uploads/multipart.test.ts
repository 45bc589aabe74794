import { describe, expect, it } from "vitest";
import { ServerError } from "../../../../src/aws/server-error.js";
import { Cancellation } from "../../../../src/http/cancellation.js";
import { NoResponse, Silence } from "../../../../src/http/no-response.js";
import type { Doubt } from "../../../../src/s3/objects/doubt.js";
import type { ObjectHead } from "../../../../src/s3/store.js";
import { type Multipart, runMultipart } from "../../../../src/s3/uploads/multipart.js";
import type { Completion } from "../../../../src/s3/uploads/multipart-requests.js";
import type { WholeObject } from "../../../../src/s3/uploads/whole-object.js";
import { errorOf } from "../../../support/refusing-store.js";

const ETAG = `${"a".repeat(32)}-2`;
const FULL = "AAAAAA==";
const COMPOSITE = "BBBBBB==";
const WHOLE: WholeObject = {
  size: 7,
  etag: ETAG,
  checksum: { name: "CRC32", full: FULL, composite: COMPOSITE },
};
const COMPLETION: Completion = {
  etag: `"${ETAG}"`,
  checksum: undefined,
  versionId: undefined,
  isOfKey: true,
};
const there = (more: Partial<ObjectHead> = {}): ObjectHead => ({
  size: 7,
  etag: `"${ETAG}"`,
  headers: {},
  ...more,
});
const refusal = (status: number, code = "Code") => new ServerError(errorOf(status, code, "m"), "X");
const silence = () => new NoResponse(new Silence(1000), false);

/** What completing does; true: it leaves doubt before it throws. */
type Completing = Completion | Error | readonly [doubted: Error];

/** An upload whose completions end like this, one after the other (the last again and again). */
function world(completions: readonly Completing[] = [COMPLETION], more: Partial<Multipart> = {}) {
  const log: string[] = [];
  const cancellation = new Cancellation();
  let heads = 0;
  let tries = 0;
  const requests = {
    complete: async (uploadId: string, parts: unknown, whole: unknown, doubt: Doubt) => {
      expect([uploadId, parts, whole]).toEqual(["id", [], expected]);
      const next = completions[Math.min(tries++, completions.length - 1)];
      if (Array.isArray(next)) doubt.arose(next[0]);
      if (next instanceof Error) throw next;
      if (Array.isArray(next)) throw next[0];
      return next;
    },
    abort: async (uploadId: string) => {
      log.push(`abort ${uploadId}`);
      throw new Error("the abort fails");
    },
  };
  let expected = WHOLE;
  const upload = {
    requests,
    create: async () => "id",
    sendParts: async () => [],
    whole: () => expected,
    head: async () => there(),
    checksSize: false,
    sleep: async () => undefined,
    ...more,
  } as unknown as Multipart;
  const { head } = upload;
  const counting = {
    ...upload,
    head: () => {
      heads++;
      return head();
    },
  };
  return {
    log,
    cancellation,
    heads: () => heads,
    tries: () => tries,
    run: (whole = WHOLE) => {
      expected = whole;
      return runMultipart(counting, cancellation);
    },
  };
}

it("a CreateMultipartUpload that hangs at a cancellation is waited for a while, and then canceled", async () => {
  const cancellation = new Cancellation();
  const reason = new Error("SIGINT");
  const waits: number[] = [];
  let creation = new Cancellation();
  const upload: Partial<Multipart> = {
    create: (own) => {
      creation = own;
      return own.race(new Promise<string>(() => undefined));
    },
    sleep: async (ms) => {
      waits.push(ms);
      expect(creation.reason).toBeUndefined();
    },
  };
  const running = runMultipart(upload as Multipart, cancellation);
  cancellation.cancel(reason);
  await expect(running).rejects.toBe(reason);
  expect(waits).toEqual([1200]);
  expect(creation.reason).toBe(reason);
});

describe("a multipart upload", () => {
  it("that is completed is not aborted", async () => {
    const { run, log, heads } = world();
    expect(await run()).toBe(COMPLETION);
    expect([log, heads()]).toEqual([[], 0]);
  });

  it("is not created after a cancellation", async () => {
    let created = 0;
    const made = world([], {
      create: async () => {
        created++;
        return "id";
      },
    });
    const reason = new Error("SIGINT");
    made.cancellation.cancel(reason);
    await expect(made.run()).rejects.toBe(reason);
    expect(created).toBe(0);
  });

  it("whose creation fails has nothing to wait for or to abort", async () => {
    let slept = 0;
    const failure = refusal(403);
    const { run, log } = world([], {
      create: async () => {
        throw failure;
      },
      sleep: async () => void slept++,
    });
    await expect(run()).rejects.toBe(failure);
    expect([log, slept]).toEqual([[], 0]);
  });

  it("that is created after a cancellation is aborted", async () => {
    let create: (id: string) => void = () => undefined;
    const made = world([], {
      create: () =>
        new Promise((resolve) => {
          create = resolve;
        }),
      sleep: () => new Promise(() => undefined),
    });
    const running = made.run();
    const reason = new Error("SIGINT");
    made.cancellation.cancel(reason);
    create("late");
    await expect(running).rejects.toBe(reason);
    expect(made.log).toEqual(["abort late"]);
  });

  it("whose creation fails after a cancellation is not aborted, and not waited for", async () => {
    const reason = new Error("SIGINT");
    const made = world([], {
      create: async () => {
        made.cancellation.cancel(reason);
        throw refusal(403);
      },
      sleep: () => new Promise(() => undefined),
    });
    await expect(made.run()).rejects.toThrow();
    expect(made.log).toEqual([]);
  });

  it("is aborted when a part fails, or its completion, with that error", async () => {
    const failure = refusal(403);
    const parts = world([], {
      sendParts: async () => {
        throw failure;
      },
    });
    await expect(parts.run()).rejects.toBe(failure);
    expect(parts.log).toEqual(["abort id"]);
    const completion = world([failure]);
    await expect(completion.run()).rejects.toBe(failure);
    expect(completion.log).toEqual(["abort id"]);
  });
});

describe("a completion", () => {
  it("that a server falls silent at is asked for five times", async () => {
    const made = world([[silence()]], { head: async () => there({ size: 8 }) });
    await expect(made.run()).rejects.toThrow("fell silent");
    expect([made.tries(), made.heads()]).toEqual([5, 5]);
  });

  it("that a server falls silent at may succeed the second time", async () => {
    const made = world([[silence()], COMPLETION], { head: async () => there({ size: 8 }) });
    expect(await made.run()).toBe(COMPLETION);
    expect(made.tries()).toBe(2);
  });

  it.each([
    ["a refusal", refusal(500)],
    ["a broken connection", new NoResponse(new Error("ECONNRESET"), false)],
  ])("is not asked for again here after %s", async (_what, failure) => {
    const made = world([failure]);
    await expect(made.run()).rejects.toBe(failure);
    expect([made.tries(), made.heads()]).toEqual([1, 0]);
  });

  it("is neither asked for again nor looked at after a cancellation", async () => {
    const made: ReturnType<typeof world> = world([[silence()]], {
      whole: () => {
        made.cancellation.cancel(new Error("SIGINT"));
        return WHOLE;
      },
    });
    await expect(made.run()).rejects.toThrow("fell silent");
    expect([made.tries(), made.heads()]).toEqual([1, 0]);
  });

  it.each<[string, Error, Partial<Multipart>, number, boolean]>([
    ["by HEAD, after no response", new NoResponse(new Error("reset"), false), {}, 1, true],
    ["by HEAD, after an error", refusal(404, "NoSuchUpload"), {}, 1, true],
    ["not where something else is there", refusal(404), { head: async () => there({ size: 8 }) }, 1, false],
    ["not where HEAD fails", refusal(404), { head: () => Promise.reject(refusal(403)) }, 1, false],
    ["not after what no server said", new Error("local"), {}, 0, false],
  ])("in doubt is proven %s", async (_how, failure, more, heads, isProven) => {
    const made = world([[failure]], more);
    const ended = await made.run().catch((error: unknown) => error);
    expect(ended).toBe(isProven ? undefined : failure);
    expect([made.tries(), made.heads(), made.log]).toEqual([1, heads, isProven ? [] : ["abort id"]]);
  });

  it.each<[string, string, string | undefined, string | undefined]>([
    ["the whole's", FULL, FULL, undefined],
    ["the parts'", `${COMPOSITE}-2`, FULL, undefined],
    ["another one of the whole", "CCCCCC==", FULL, FULL],
    ["another one of the parts", "CCCCCC==-2", FULL, COMPOSITE],
    ["another one, where a hash has none of the whole", "CCCCCC==", undefined, COMPOSITE],
  ])("that names a checksum is compared: %s", async (_what, checksum, full, own) => {
    const made = world([{ ...COMPLETION, checksum }]);
    const running = made.run({ ...WHOLE, checksum: { name: "CRC32", full, composite: COMPOSITE } });
    if (own === undefined) expect(await running).toMatchObject({ checksum });
    else
      await expect(running).rejects.toMatchObject({
        id: "s3-stored-wrong",
        message: expect.stringMatching(new RegExp(`is ${checksum}, and the source's is ${own}\\.`)),
      });
  });

  const KEY = { isOfKey: false };
  const OTHER = { etag: '"other-2"' };
  const SIZE = { checksSize: true };
  const SUM = { headers: { "x-amz-checksum-crc32": FULL } };
  const WRONG = { headers: { "x-amz-checksum-crc32": "CCCCCC==" } };

  it.each<[string, Partial<Completion>, Partial<Multipart>, ObjectHead | Error, string | undefined, number]>([
    ["as asked is believed", {}, {}, refusal(404), undefined, 0],
    ["with a checksum needs no look at the size", { checksum: FULL }, SIZE, refusal(404), undefined, 0],
    ["of the right size", {}, SIZE, there(), undefined, 1],
    ["of another size, with its ETag", {}, SIZE, there({ size: 8 }), "s3-copied-wrong", 1],
    ["of another size and ETag", {}, SIZE, there({ size: 8, ...OTHER }), "s3-not-stored", 1],
    ["of another key, proven by ETag", KEY, {}, there(), undefined, 1],
    ["of another key, proven by its checksum", KEY, {}, there({ ...OTHER, ...SUM }), undefined, 1],
    ["of another key, with a wrong checksum", KEY, {}, there(WRONG), "s3-not-stored", 1],
    ["of another ETag, which is there", OTHER, {}, there(OTHER), undefined, 1],
    [
      "of another ETag, which is there by a wrong checksum",
      OTHER,
      {},
      there({ ...OTHER, ...WRONG }),
      "s3-not-stored",
      1,
    ],
    ["of another ETag and size", OTHER, {}, there({ ...OTHER, size: 8 }), "s3-not-stored", 1],
    ["of an ETag that is not there", OTHER, {}, there({ etag: '"third"' }), "s3-not-stored", 1],
    ["of another key, which HEAD does not find", KEY, {}, refusal(404), "s3-not-stored", 1],
    ["of another key, where HEAD is refused", KEY, {}, refusal(403), undefined, 1],
  ])("%s", async (_what, completion, more, head, id, heads) => {
    const answer = () => (head instanceof Error ? Promise.reject(head) : Promise.resolve(head));
    const made = world([{ ...COMPLETION, ...completion }], { ...more, head: answer });
    const ended = await made.run().then(
      () => undefined,
      (error: unknown) => (error as { id?: string }).id,
    );
    expect([ended, made.heads()]).toEqual([id, heads]);
  });

  it("is believed where no ETag follows from the parts, but not of another size", async () => {
    const whole = { size: 7, etag: undefined, checksum: undefined };
    const believed = world([{ ...COMPLETION, ...OTHER, checksum: FULL }]);
    await believed.run(whole);
    expect(believed.heads()).toBe(0);
    // Its checksum could be compared with nothing.
    const sized = world([{ ...COMPLETION, ...OTHER, checksum: FULL }], SIZE);
    await sized.run(whole);
    expect(sized.heads()).toBe(1);
  });
});
