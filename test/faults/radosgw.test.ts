import { readFileSync, writeFileSync } from "node:fs";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startFaultProxy } from "../support/fault-proxy/fault-proxy.js";
import { type Radosgw, startRadosgw } from "../support/radosgw.js";
import { runBuilt } from "../support/run-built.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { patterned } from "./bed.js";
import * as plans from "./plans.js";

let radosgw: Radosgw;

beforeAll(async () => {
  radosgw = await startRadosgw();
  const { accessKey: accessKeyId, secretKey: secretAccessKey, url: endpoint } = radosgw;
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  client.destroy();
});

afterAll(() => radosgw?.close());

/** TLS ends here, and plain http goes on to Ceph, as with many a gateway: nobody but Ceph could notice a harmed bit. */
async function front() {
  const proxy = await startFaultProxy(radosgw.url, { tls: true });
  const folder = temporaryFolder();
  const env = {
    AWS_ACCESS_KEY_ID: radosgw.accessKey,
    AWS_SECRET_ACCESS_KEY: radosgw.secretKey,
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: proxy.url,
    AWS_CA_BUNDLE: proxy.certificateFile,
  };
  const run = (args: readonly string[]) =>
    runBuilt([...args, "--no-progress"], { env, cwd: folder.path, timeoutMs: 120_000 });
  return {
    proxy,
    folder,
    run,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      folder.remove();
    },
  };
}

const CASES = [
  { operation: "PutObject", size: 100_000, requests: 1 },
  { operation: "UploadPart", size: 20_000_000, requests: 3 },
];

it.each(CASES)("Ceph stores what is sent: $operation", async ({ operation, size, requests }) => {
  await using bed = await front();
  writeFileSync(bed.folder.at("f"), patterned(size));
  expect(await bed.run(["cp", "f", `s3://bucket/${operation}`])).toMatchObject({ code: 0, stderr: "" });
  expect(bed.proxy.count(operation)).toBe(requests);
  await bed.run(["cp", `s3://bucket/${operation}`, "back"]);
  expect(readFileSync(bed.folder.at("back")).equals(patterned(size))).toBe(true);
});

const ALGORITHMS = ["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"];

it.each(CASES.flatMap((one) => ALGORITHMS.map((algorithm) => ({ ...one, algorithm }))))(
  "what is harmed once on its way to Ceph is sent again: $operation, $algorithm",
  async ({ operation, size, requests, algorithm }) => {
    await using bed = await front();
    writeFileSync(bed.folder.at("f"), patterned(size));
    bed.proxy.plan = plans.once(operation, plans.flipSentBit);
    const asked = ["--checksum-algorithm", algorithm];
    const sent = await bed.run(["cp", "f", "s3://bucket/once", ...asked]);
    expect(sent).toMatchObject({ code: 0, stderr: "" });
    expect(bed.proxy.count(operation)).toBe(requests + 1);
    bed.proxy.plan = () => undefined;
    await bed.run(["cp", "s3://bucket/once", "back"]);
    expect(readFileSync(bed.folder.at("back")).equals(patterned(size))).toBe(true);
  },
);

it.each(CASES)(
  "what is harmed each time on its way to Ceph fails: $operation",
  async ({ operation, size }) => {
    await using bed = await front();
    writeFileSync(bed.folder.at("f"), patterned(size));
    bed.proxy.plan = plans.always(operation, plans.flipSentBit);
    const result = await bed.run(["cp", "f", "s3://bucket/always"]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/BadDigest|XAmzContentSHA256Mismatch|S3 stored/);
    expect(bed.proxy.count(operation)).toBeGreaterThanOrEqual(5);
  },
);
