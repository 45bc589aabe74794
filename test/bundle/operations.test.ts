import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../support/built-world.js";
import type { Response } from "../support/s3-server/operation.js";

/** Who writes the request and reads the response: code of ours, or the tables of @aws-sdk/client-s3. All go over our connections. */
const OPERATIONS = {
  AbortMultipartUpload: "ours",
  CompleteMultipartUpload: "ours",
  CopyObject: "ours",
  CreateMultipartUpload: "ours",
  DeleteObject: "ours",
  GetObject: "ours",
  GetObjectTagging: "SDK",
  HeadObject: "ours",
  ListBuckets: "SDK",
  ListObjectsV2: "ours",
  PutObject: "ours",
  PutObjectTagging: "SDK",
  UploadPart: "ours",
  UploadPartCopy: "ours",
} as const;
type Operation = keyof typeof OPERATIONS;

const of = (who: "ours" | "SDK") =>
  Object.keys(OPERATIONS).filter((name) => OPERATIONS[name as Operation] === who);

const PRELOAD = resolve(import.meta.dirname, "../support/bundle/note-compiled-parts.cjs");

describe("an operation in src", () => {
  it("of ours is written out where the table says so", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const written = files.flatMap((name) =>
      [...readFileSync(`src/${name}`, "utf8").matchAll(/operation: "([A-Z]\w+)"/g)].map(
        ([, operation]) => operation,
      ),
    );
    expect([...new Set(written)].sort()).toEqual(of("ours"));
  });

  it("of the SDK is one of three", () => {
    const library = readFileSync("src/s3/libraries/sdk.ts", "utf8");
    expect([...library.matchAll(/\b(\w+)\$/g)].map(([, name]) => name).sort()).toEqual(of("SDK"));
  });
});

describe("the built file", () => {
  const world = builtWorld();
  const MIB = 1024 ** 2;
  const tags = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`t${index}`, "x".repeat(250)]));

  /** A bucket that holds `large`, of which HEAD says that CopyObject does not take it, and whose copied parts are `answer`. */
  function withLarge(answer: (operation: string) => Response | undefined): string {
    const bucket = world.bucket();
    world.server.put(bucket, "large", "x", { tags });
    const size = { "content-length": String(6 * 1024 ** 3) };
    world.server.alter = (told, { operation, key }) => {
      if (operation !== "HeadObject") return told;
      // Nothing is put together here: a copy is a pretence.
      if (key === "copy") return { ...told, status: 200, headers: { ...size, etag: '"w"' } };
      return { ...told, headers: { ...told.headers, ...size } };
    };
    world.server.instead = ({ operation }) => answer(operation);
    return bucket;
  }

  const document = (text: string): Response => ({ status: 200, headers: {}, body: Buffer.from(text) });
  const denied: Response = {
    ...document("<Error><Code>AccessDenied</Code><Message>no</Message></Error>"),
    status: 403,
  };

  const CASES: readonly {
    readonly what: string;
    readonly lay: () => { readonly args: readonly string[]; readonly cwd?: string };
    readonly operations: readonly Operation[];
    readonly code?: number;
  }[] = [
    {
      what: "a download",
      lay: () => ({ args: ["cp", `s3://${world.bucket({ k: "x" })}/k`, world.place()] }),
      operations: ["GetObject", "HeadObject"],
    },
    {
      what: "an upload",
      lay: () => ({ args: ["cp", `${world.place({ f: "x" })}/f`, `s3://${world.bucket()}/k`] }),
      operations: ["PutObject"],
    },
    {
      what: "an upload of 200 KB that must not replace anything",
      lay: () => {
        const place = world.place({ f: "x".repeat(200_000) });
        return { args: ["cp", `${place}/f`, `s3://${world.bucket()}/k`, "--no-overwrite"] };
      },
      operations: ["PutObject"],
    },
    {
      what: "an upload in parts",
      lay: () => {
        const place = world.place({ f: "x" });
        truncateSync(`${place}/f`, 9 * MIB);
        return { args: ["cp", `${place}/f`, `s3://${world.bucket()}/k`] };
      },
      operations: ["CompleteMultipartUpload", "CreateMultipartUpload", "UploadPart"],
    },
    {
      what: "a copy",
      lay: () => {
        const bucket = world.bucket({ k: "x" });
        return { args: ["cp", `s3://${bucket}/k`, `s3://${bucket}/copy`] };
      },
      operations: ["CopyObject", "HeadObject"],
    },
    {
      what: "a sync to S3",
      lay: () => ({
        args: ["sync", world.place({ a: "x" }), `s3://${world.bucket({ b: "x" })}`, "--delete"],
      }),
      operations: ["DeleteObject", "ListObjectsV2", "PutObject"],
    },
    {
      what: "a sync from S3",
      lay: () => ({
        args: ["sync", `s3://${world.bucket({ a: "x" })}`, world.place({ b: "x" }), "--delete"],
      }),
      operations: ["GetObject", "ListObjectsV2"],
    },
    {
      what: "a listing",
      lay: () => ({ args: ["ls", `s3://${world.bucket({ a: "x" })}`] }),
      operations: ["ListObjectsV2"],
    },
    {
      what: "a listing of buckets",
      lay: () => {
        world.bucket();
        return { args: ["ls"] };
      },
      operations: ["ListBuckets"],
    },
    {
      what: "a copy in parts, with more tags than fit in a header",
      lay: () => {
        const bucket = withLarge((operation) => {
          if (operation === "UploadPartCopy")
            return document("<CopyPartResult><ETag>&quot;p&quot;</ETag></CopyPartResult>");
          if (operation === "CompleteMultipartUpload")
            return document(
              "<CompleteMultipartUploadResult><ETag>&quot;w&quot;</ETag></CompleteMultipartUploadResult>",
            );
          // Nothing is put together here that could have tags.
          if (operation === "PutObjectTagging") return document("");
          return undefined;
        });
        return { args: ["cp", `s3://${bucket}/large`, `s3://${bucket}/copy`] };
      },
      operations: [
        "CompleteMultipartUpload",
        "CreateMultipartUpload",
        "GetObjectTagging",
        "HeadObject",
        "PutObjectTagging",
        "UploadPartCopy",
      ],
    },
    {
      what: "a copy in parts without tags that is refused",
      lay: () => {
        const bucket = withLarge((operation) => (operation === "UploadPartCopy" ? denied : undefined));
        return { args: ["cp", `s3://${bucket}/large`, `s3://${bucket}/copy`, "--copy-props", "none"] };
      },
      operations: ["AbortMultipartUpload", "CreateMultipartUpload", "HeadObject", "UploadPartCopy"],
      code: 1,
    },
  ];

  it.each(CASES)(
    "makes its requests with whom the table says, for $what",
    async ({ lay, operations, code = 0 }) => {
      const { args } = lay();
      world.server.forget();
      const note = `${world.place()}/parts`;
      writeFileSync(note, "");
      const result = await world.run(args, { env: { NOTE_PARTS: note }, nodeOptions: ["-r", PRELOAD] });
      world.server.instead = undefined;
      world.server.alter = undefined;
      const made = [...new Set(world.server.requests.map(({ operation }) => operation))].sort();
      expect({ made, code: result.code, stderr: code === 0 ? result.stderr : "" }).toEqual({
        made: operations,
        code,
        stderr: "",
      });
      const parts = existsSync(note) ? readFileSync(note, "utf8").trim().split("\n") : [];
      expect(parts).toContain("fetch-creds:src/s3-side.ts");
      expect(parts.includes("fetch-creds:sdk")).toBe(operations.some((name) => OPERATIONS[name] === "SDK"));
    },
  );

  it("makes each operation of the table in one of these cases", () => {
    const named = new Set(CASES.flatMap(({ operations }) => operations));
    expect([...named].sort()).toEqual(Object.keys(OPERATIONS));
  });
});
