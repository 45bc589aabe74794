import { readFileSync, rmSync, writeFileSync } from "node:fs";
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTwoPrograms, type TwoPrograms, type Who } from "./bed/two-programs.js";
import { generatedBytes } from "./generated-bytes.js";

const ALGORITHMS = ["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"] as const;
type Algorithm = (typeof ALGORITHMS)[number];

/** What the AWS CLI has besides: Ceph 20 refuses these, and ours computes none. */
const XXHASHES = ["XXHASH64", "XXHASH3", "XXHASH128"];

const SIZES = { "in one request": 70_001, "in parts": 17_000_001 };
const BUCKET = "checksums";

let both: TwoPrograms;

beforeAll(async () => {
  both = await startTwoPrograms(BUCKET);
});
afterAll(() => both?.close());

/** `cp ARGS`, which must succeed; what it says on standard error. */
async function cp(who: Who, ...args: readonly string[]): Promise<string> {
  const run = await both.cp(who, ...args);
  expect(run.code, `${who} cp ${args.join(" ")}\n${run.stdout}${run.stderr}`).toBe(0);
  return run.stderr;
}

/** `cp s3://checksums/KEY` to a file, whose bytes these must be; what it says on standard error. */
async function download(who: Who, key: string, bytes: Buffer, ...args: readonly string[]): Promise<string> {
  rmSync(both.folder.at("back"), { force: true });
  const said = await cp(who, `s3://${BUCKET}/${key}`, "back", ...args);
  expect(readFileSync(both.folder.at("back")).equals(bytes)).toBe(true);
  return said;
}

/** Where the server has the value: Ceph 20 gives SHA512, which it verifies and stores, a header of its own. */
function headerOf(algorithm: Algorithm): string {
  return `x-${algorithm === "SHA512" ? "rgw" : "amz"}-checksum-${algorithm.toLowerCase()}`;
}

/** Every header about checksums of a HEAD that asks for them. */
async function checksumHeaders(Key: string): Promise<Record<string, string>> {
  const head = new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: "ENABLED" });
  let headers: Record<string, string> = {};
  head.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      ({ headers } = result.response as { headers: Record<string, string> });
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  await both.server.client.send(head);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^x-\w+-checksum-/.test(name)));
}

/** What `aws s3api head-object --checksum-mode ENABLED` says of an object, but for its time; and the headers beneath. */
async function stored(key: string) {
  const words = ["head-object", "--bucket", BUCKET, "--key", key, "--checksum-mode", "ENABLED"];
  const run = await both.aws("s3api", ...words, "--output", "json");
  expect(run.code, run.stderr).toBe(0);
  const { LastModified: _, ...head } = JSON.parse(run.stdout.toString());
  return { head, headers: await checksumHeaders(key) };
}

/** Whether the stored checksum is one of the parts' checksums. */
function isComposite(algorithm: Algorithm, size: number): boolean {
  return algorithm.startsWith("SHA") && size === SIZES["in parts"];
}

const BYTES = { CRC64NVME: 8, CRC32: 4, CRC32C: 4, SHA1: 20, SHA256: 32, SHA512: 64 };

/** Of other bytes; with the name of the algorithm, without which Ceph looks at none. */
function wrongChecksum(ChecksumAlgorithm: Algorithm) {
  const value = Buffer.alloc(BYTES[ChecksumAlgorithm], 1).toString("base64");
  return { ChecksumAlgorithm, [`Checksum${ChecksumAlgorithm}`]: value };
}

describe.each(ALGORITHMS)("%s", (algorithm) => {
  const asked = ["--checksum-algorithm", algorithm];

  it.each(Object.entries(SIZES))(
    "%s: both store the same checksum, and each takes the other's object",
    async (_, size) => {
      const composite = isComposite(algorithm, size);
      writeFileSync(both.folder.at("f"), generatedBytes(size));
      await cp("aws", "f", `s3://${BUCKET}/aws`, ...asked);
      await cp("ours", "f", `s3://${BUCKET}/ours`, ...asked);
      const byAws = await stored("aws");
      const value = byAws.headers[headerOf(algorithm)];
      expect(value, JSON.stringify(byAws)).toMatch(composite ? /=-3$/ : /=$/);
      expect(byAws.headers["x-amz-checksum-type"]).toBe(composite ? "COMPOSITE" : "FULL_OBJECT");
      expect(byAws.head[`Checksum${algorithm}`]).toBe(algorithm === "SHA512" ? undefined : value);
      expect(await stored("ours")).toEqual(byAws);
      // Of a checksum of the parts' checksums, and of Ceph's own header, ours does not say that it verified anything.
      const isVerified = !composite && algorithm !== "SHA512";
      const mode = isVerified ? ["--checksum-mode", "ENABLED"] : [];
      for (const [who, key] of [
        ["aws", "ours"],
        ["ours", "aws"],
        ["ours", "ours"],
      ] as const) {
        const said = await download(who, key, generatedBytes(size), ...mode);
        expect(said.includes("was not verified")).toBe(!isVerified && who === "ours");
      }
    },
  );

  it.each(Object.entries(SIZES))("%s: a copy within S3 has the same checksum by both", async (_, size) => {
    writeFileSync(both.folder.at("f"), generatedBytes(size));
    await cp("aws", "f", `s3://${BUCKET}/source`, "--checksum-algorithm", "CRC32");
    await cp("aws", `s3://${BUCKET}/source`, `s3://${BUCKET}/aws-copy`, ...asked);
    await cp("ours", `s3://${BUCKET}/source`, `s3://${BUCKET}/ours-copy`, ...asked);
    const byAws = await stored("aws-copy");
    // Ceph keeps the source's checksum of a copy in one request, whatever is asked for.
    const kept = size === SIZES["in parts"] ? algorithm : "CRC32";
    expect(byAws.headers[headerOf(kept)], JSON.stringify(byAws)).toBeDefined();
    expect(await stored("ours-copy")).toEqual(byAws);
  });

  it("a wrong one is refused by the server, of an object and of a part", async () => {
    const { client } = both.server;
    const target = { Bucket: BUCKET, Key: "wrong" };
    const body = { ...target, Body: generatedBytes(1000), ...wrongChecksum(algorithm) };
    const refused = { name: "BadDigest", $metadata: { httpStatusCode: 400 } };
    await expect(client.send(new PutObjectCommand(body))).rejects.toMatchObject(refused);
    const create = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: algorithm });
    const { UploadId } = await client.send(create);
    const part = new UploadPartCommand({ ...body, UploadId, PartNumber: 1 });
    await expect(client.send(part)).rejects.toMatchObject(refused);
    await expect(checksumHeaders("wrong")).rejects.toMatchObject({ name: "NotFound" });
  });
});

it.each(Object.entries(SIZES))("%s, and no algorithm named: the same", async (_, size) => {
  writeFileSync(both.folder.at("f"), generatedBytes(size));
  await cp("aws", "f", `s3://${BUCKET}/aws`);
  await cp("ours", "f", `s3://${BUCKET}/ours`);
  const byAws = await stored("aws");
  expect(byAws.head.ChecksumCRC64NVME).toBeDefined();
  expect(await stored("ours")).toEqual(byAws);
});

/** An object of two parts, by its creator's words for the checksum; resolves to its head. */
async function putInParts(
  Key: string,
  ChecksumAlgorithm: Algorithm,
  ChecksumType: "COMPOSITE" | "FULL_OBJECT",
) {
  const { client } = both.server;
  const target = { Bucket: BUCKET, Key };
  const create = new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm, ChecksumType });
  const { UploadId } = await client.send(create);
  const Parts: CompletedPart[] = [];
  for (const PartNumber of [1, 2]) {
    const body = { Body: generatedBytes(5 << 20), ChecksumAlgorithm };
    const { $metadata: _, ...part } = await client.send(
      new UploadPartCommand({ ...target, ...body, UploadId, PartNumber }),
    );
    Parts.push({ ...part, PartNumber });
  }
  const complete = { ...target, UploadId, ChecksumType, MultipartUpload: { Parts } };
  await client.send(new CompleteMultipartUploadCommand(complete));
  return checksumHeaders(Key);
}

describe("the type of a checksum of several parts", () => {
  it.each([
    ["CRC32", "COMPOSITE", "FULL_OBJECT"],
    ["CRC32", "FULL_OBJECT", "FULL_OBJECT"],
    ["CRC32C", "COMPOSITE", "FULL_OBJECT"],
    ["CRC32C", "FULL_OBJECT", "FULL_OBJECT"],
    ["SHA1", "COMPOSITE", "COMPOSITE"],
    ["SHA256", "COMPOSITE", "COMPOSITE"],
  ] as const)("%s, asked for as %s: Ceph 20 stores %s, and both read it", async (algorithm, asked, type) => {
    const headers = await putInParts("typed", algorithm, asked);
    expect(headers).toMatchObject({ "x-amz-checksum-type": type });
    for (const who of ["aws", "ours"] as const) {
      const said = await download(
        who,
        "typed",
        Buffer.concat([generatedBytes(5 << 20), generatedBytes(5 << 20)]),
      );
      expect(said.includes("was not verified")).toBe(who === "ours" && type === "COMPOSITE");
    }
  });

  it.each(["SHA1", "SHA256"] as const)("%s of the whole is refused, as by S3", async (algorithm) => {
    const uploaded = putInParts("typed", algorithm, "FULL_OBJECT");
    await expect(uploaded).rejects.toMatchObject({ name: "InvalidRequest" });
  });
});

describe("the algorithms of the AWS CLI", () => {
  it("are those that ours has, and xxHash", async () => {
    const script =
      "from awscli.customizations.s3 import subcommands as s; print(*s.CHECKSUM_ALGORITHM['choices'])";
    const { stdout, stderr } = await both.inTheRoot("/usr/bin/python3", "-c", script);
    const choices = stdout.toString().trim().split(" ");
    expect(choices.sort(), stderr).toEqual([...ALGORITHMS, ...XXHASHES].sort());
  });

  it.each(XXHASHES)(
    "%s: Ceph 20 refuses the AWS CLI's object, and ours says that it has none",
    async (name) => {
      writeFileSync(both.folder.at("f"), "text");
      const asked = ["f", `s3://${BUCKET}/xxhash`, "--checksum-algorithm", name];
      const byAws = await both.cp("aws", ...asked);
      // A response without a message, over which it stumbles.
      expect(byAws).toMatchObject({ code: 1, stderr: expect.stringMatching(/^upload failed: /) });
      const ours = await both.cp("ours", ...asked);
      expect(ours).toMatchObject({ code: 252, stderr: expect.stringMatching(/xxHash is not computed here/) });
      await expect(checksumHeaders("xxhash")).rejects.toMatchObject({ name: "NotFound" });
    },
  );
});
