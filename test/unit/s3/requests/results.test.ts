import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parameter } from "../../../support/s3-server/s3-request.js";
import { type StoreWorld, storeWorld } from "../../../support/store-world.js";

const MIB = 1024 * 1024;
const BIG = 5 * 1024 ** 3 + 1;
const at = (key: string) => ({ bucket: "b", key });
const answer = (body: string, headers: Record<string, string> = {}) => ({
  status: 200,
  headers,
  body: Buffer.from(body),
});
const document = (root: string, body: string) =>
  answer(`<?xml version="1.0"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body}</${root}>`);
const failure = (code: string) => `<Error><Code>${code}</Code><Message>m</Message></Error>`;
const SPACE = " \n".repeat(50_000);

/** What has the status of a success and is none; S3's code where it has one. */
const UNDONE = [
  ["nothing", answer(""), "200"],
  ["white space", answer(SPACE), "200"],
  ["half a document", answer('<?xml version="1.0"?><'), "200"],
  ["half a result", answer("<CompleteMultipartUploadResult><ETag>&quot;a-1&quot;</ETag>"), "200"],
  ["another result", document("OtherResult", "<ETag>&quot;a&quot;</ETag><UploadId>u</UploadId>"), "200"],
  ["a login page", answer("<html><body>Log in</body></html>", { "content-type": "text/html" }), "200"],
  ["an InternalError", answer(failure("InternalError")), "InternalError"],
  ["a SlowDown", answer(failure("SlowDown")), "SlowDown"],
  ["a denial", answer(failure("AccessDenied")), "AccessDenied"],
  ["an error behind white space", answer(`${SPACE}${failure("InternalError")}`), "InternalError"],
  [
    "an error behind white space behind a declaration",
    answer(`<?xml version="1.0"?>${SPACE}${failure("InternalError")}`),
    "InternalError",
  ],
] as const;

const SOME = UNDONE.filter(([what]) => ["nothing", "a login page", "an InternalError"].includes(what));

/** What makes each operation happen. */
const DOING: Readonly<Record<string, (world: StoreWorld) => Promise<unknown>>> = {
  PutObject: (world) => upload(world, 3),
  CreateMultipartUpload: (world) => upload(world, 5 * MIB),
  UploadPart: (world) => upload(world, 5 * MIB),
  CompleteMultipartUpload: (world) => upload(world, 5 * MIB),
  CopyObject: (world) => world.store.copy(at("from"), at("to"), { copyProps: "default" }),
  UploadPartCopy: (world) => world.store.copy(at("from"), at("to"), { copyProps: "none" }, { size: BIG }),
  GetObjectTagging: (world) =>
    world.store.copy(at("from"), at("to"), { copyProps: "default" }, { size: BIG }),
  ListBuckets: async (world) => {
    for await (const page of world.store.listBuckets({})) void page;
  },
};

function upload({ store, folder }: StoreWorld, size: number): Promise<void> {
  writeFileSync(folder.at("f"), Buffer.alloc(size, "x"));
  return store.upload({ kind: "file", path: folder.at("f") }, at("to"), {});
}

/** A world whose source and copy are as large as `BIG` when they are looked at, and whose parts are copied without one. */
async function world(operation: string): Promise<StoreWorld> {
  const made = await storeWorld({}, { partSize: 5 * MIB });
  made.server.put("b", "from", "source");
  if (operation !== "UploadPartCopy" && operation !== "GetObjectTagging") return made;
  made.server.alter = (real, request) =>
    request.operation === "HeadObject"
      ? { ...real, status: 200, headers: { ...real.headers, "content-length": String(BIG) } }
      : real;
  return made;
}

function strike(made: StoreWorld, operation: string, undone: ReturnType<typeof answer>, times: number) {
  let struck = 0;
  made.server.instead = (request) => {
    // Of many parts one, which the others do not end before its tries are used up.
    const isOther = operation === "UploadPartCopy" && parameter(request, "partNumber") !== "1";
    if (request.operation === operation && !isOther && struck < times) {
      struck++;
      return undone;
    }
    // The parts of so large an object cannot be had.
    if (request.operation === "UploadPartCopy")
      return document("CopyPartResult", "<ETag>&quot;p&quot;</ETag>");
    const isPretended = operation === "UploadPartCopy" || operation === "GetObjectTagging";
    return isPretended && request.operation === "CompleteMultipartUpload"
      ? document("CompleteMultipartUploadResult", "<ETag>&quot;p-41&quot;</ETag>")
      : undefined;
  };
  return () => struck;
}

describe.each(Object.keys(DOING))("%s", (operation) => {
  const run = DOING[operation] as (world: StoreWorld) => Promise<unknown>;

  it.each(SOME)("that is answered 200 with %s is tried again", async (_what, undone) => {
    const made = await world(operation);
    const struck = strike(made, operation, undone, 2);
    await run(made);
    expect(struck()).toBe(2);
  });

  it.each(UNDONE)(
    "that is always answered 200 with %s fails after five tries",
    async (_what, undone, code) => {
      const made = await world(operation);
      made.server.put("b", "to", "before");
      const struck = strike(made, operation, undone, Number.POSITIVE_INFINITY);
      await expect(run(made)).rejects.toMatchObject({
        message: expect.stringContaining(`(${code}) when calling the ${operation} operation`),
      });
      // One of many that is refused while others are served is crowded out, which costs it no try.
      const isCrowded = operation === "UploadPartCopy" && code === "SlowDown";
      if (isCrowded) expect(struck()).toBeGreaterThanOrEqual(5);
      else expect(struck()).toBe(5);
      expect(made.server.object("b", "to")?.body.toString()).toBe("before");
      expect(made.server.bucket("b").uploads.size).toBe(0);
    },
  );
});

describe.each(["CompleteMultipartUpload", "CopyObject"])("%s", (operation) => {
  it.each(["before all", "behind the declaration"])(
    "is done when its result comes after white space %s",
    async (where) => {
      const made = await world(operation);
      made.server.alter = (real, request) => {
        if (request.operation !== operation) return real;
        const text = real.body.toString();
        const padded = where === "before all" ? SPACE + text : text.replace("?>", `?>${SPACE}`);
        return { ...real, body: Buffer.from(padded) };
      };
      await (DOING[operation] as (world: StoreWorld) => Promise<unknown>)(made);
      expect(made.server.requests.filter((request) => request.operation === operation)).toHaveLength(1);
    },
  );
});

describe("an error in a 200", () => {
  const hidden = answer(`${SPACE}${failure("SlowDown")}`);

  it("to a listing is tried again", async () => {
    const made = await storeWorld();
    made.server.put("b", "k", "x");
    const struck = strike(made, "ListObjectsV2", hidden, 2);
    const keys: string[] = [];
    for await (const page of made.store.list({ bucket: "b", prefix: "" }))
      keys.push(...page.objects.map(({ key }) => key));
    expect(keys).toEqual(["k"]);
    expect(struck()).toBe(2);
  });

  it("to a delete is tried again", async () => {
    const made = await storeWorld();
    made.server.put("b", "k", "x");
    const struck = strike(made, "DeleteObject", hidden, 2);
    await made.store.remove(at("k"));
    expect(made.server.object("b", "k")).toBeUndefined();
    expect(struck()).toBe(2);
  });

  it("that is an object's own content is content", async () => {
    const made = await storeWorld();
    made.server.put("b", "k", failure("InternalError"));
    await made.store.download(at("k"), { kind: "file", path: made.folder.at("f") }, {});
    expect(readFileSync(made.folder.at("f"), "utf8")).toBe(failure("InternalError"));
  });
});

describe("a PUT", () => {
  it.each([200, 201, 204])("that is answered %i with its ETag is done", async (status) => {
    const made = await storeWorld();
    made.server.alter = (real, { operation }) =>
      operation === "PutObject" ? { ...real, status, body: Buffer.alloc(0) } : real;
    await upload(made, 3);
    expect(made.server.requests).toHaveLength(1);
  });

  it("that is answered 300 is not, though it has an ETag", async () => {
    const made = await storeWorld();
    made.server.alter = (real) => ({ ...real, status: 300 });
    await expect(upload(made, 3)).rejects.toThrow("(300) when calling the PutObject operation");
  });

  const SILENT: readonly (readonly [status: number, etag: string | undefined])[] = [
    [200, ""],
    [200, '""'],
    [200, undefined],
    [204, undefined],
  ];

  /** What is stored, and what is answered: a PUT so, HEAD by `head`. */
  async function silently(
    [status, etag]: (typeof SILENT)[number],
    head: (headers: Record<string, string>) => Record<string, string>,
  ) {
    const made = await storeWorld({ modernChecksums: false });
    made.server.alter = (real, { operation }) => {
      const { etag: _, ...headers } = real.headers as Record<string, string>;
      const spelled = etag === undefined ? headers : { ...headers, etag };
      if (operation === "PutObject") return { ...real, status, headers: spelled };
      return { ...real, headers: head(real.headers as Record<string, string>) };
    };
    return made;
  }

  it.each(SILENT)("answered %i with the ETag %j is done where HEAD says so", async (...silent) => {
    const made = await silently(silent, (headers) => headers);
    await upload(made, 3);
    expect(made.server.requests.map(({ operation }) => operation)).toEqual(["PutObject", "HeadObject"]);
  });

  it.each(SILENT)("answered %i with the ETag %j is done in a store without ETags", async (...silent) => {
    const made = await silently(silent, ({ etag: _, ...headers }) => headers);
    await upload(made, 3);
    expect(made.server.requests).toHaveLength(2);
  });

  it.each([
    ["is another's", { etag: `"${"a".repeat(32)}"` }],
    ["is of another size", { "content-length": "4" }],
    ["is older", { "last-modified": new Date(Date.now() - 3_600_000).toUTCString(), etag: "" }],
  ])("is not done where what HEAD finds %s", async (_what, found) => {
    const made = await silently([200, undefined], (headers) => ({ ...headers, ...found }));
    await expect(upload(made, 3)).rejects.toMatchObject({ id: "s3-unconfirmed", exitCode: 1 });
    expect(made.server.requests.filter(({ operation }) => operation === "PutObject")).toHaveLength(5);
  });

  it("without an ETag is done by the checksum that the server names", async () => {
    const made = await storeWorld();
    made.server.alter = (real) => {
      const { etag: _, ...headers } = real.headers;
      return { ...real, headers };
    };
    await upload(made, 3);
    expect(made.server.requests).toHaveLength(1);
  });

  it("of a part without an ETag is not done: no completion could name it", async () => {
    const made = await storeWorld();
    made.server.alter = (real, { operation }) => {
      const { etag: _, ...headers } = real.headers;
      return operation === "UploadPart" ? { ...real, headers } : real;
    };
    await expect(upload(made, 9 * 1024 ** 2)).rejects.toMatchObject({ id: "s3-unconfirmed" });
  });

  it.each(["<CopyObjectResult><LastModified>x</LastModified></CopyObjectResult>", "<CopyObjectResult/>"])(
    "of a copy that is answered %s is done where HEAD says so",
    async (body) => {
      const made = await world("CopyObject");
      made.server.alter = (real, { operation }) =>
        operation === "CopyObject" ? { status: 200, headers: {}, body: Buffer.from(body) } : real;
      await made.store.copy(at("from"), at("to"), { copyProps: "default" });
      expect(made.server.object("b", "to")?.body.toString()).toBe("source");
      made.server.instead = ({ operation }) =>
        operation === "CopyObject" ? { status: 200, headers: {}, body: Buffer.from(body) } : undefined;
      const none = made.store.copy(at("from"), at("nothing"), { copyProps: "default" });
      await expect(none).rejects.toMatchObject({ id: "s3-not-stored" });
    },
  );

  it("of a copy that is answered 204 is done, for that has no content", async () => {
    const made = await world("CopyObject");
    made.server.alter = (real, { operation }) =>
      operation === "CopyObject" ? { status: 204, headers: {}, body: Buffer.alloc(0) } : real;
    await made.store.copy(at("from"), at("to"), { copyProps: "default" });
    expect(made.server.object("b", "to")?.body.toString()).toBe("source");
  });
});

describe("a DELETE", () => {
  const answered = async (status: number, body: string, times = Number.POSITIVE_INFINITY) => {
    const made = await storeWorld();
    made.server.put("b", "k", "x");
    let struck = 0;
    made.server.instead = ({ operation }) => {
      if (operation !== "DeleteObject" || struck >= times) return undefined;
      struck++;
      return { status, headers: {}, body: Buffer.from(body) };
    };
    const failure = await made.store.remove(at("k")).then(
      () => undefined,
      (error: unknown) => error,
    );
    return { failure, struck, isThere: made.server.object("b", "k") !== undefined };
  };

  it.each([
    [204, ""],
    [200, ""],
    [200, "\r\n"],
  ])("that is answered %i with %j is done", async (status, body) => {
    expect(await answered(status, body)).toMatchObject({ failure: undefined, struck: 1 });
  });

  it.each([
    [200, "<html></html>"],
    [202, ""],
    [202, "<html></html>"],
    [201, ""],
    [206, ""],
    [200, "<DeleteResult/>"],
    [200, "{}"],
    [202, "<Error><Code>200</Code></Error>"],
  ])(
    "that is answered %i with %j is not: it is asked for again, and a failure in the end",
    async (status, body) => {
      const { failure, struck } = await answered(status, body);
      expect(failure).toMatchObject({ id: "s3-unconfirmed", exitCode: 1 });
      expect(struck).toBe(5);
      expect(await answered(status, body, 2)).toEqual({ failure: undefined, struck: 2, isThere: false });
    },
  );
});
