import { readFileSync, writeFileSync } from "node:fs";
import { CreateBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { forkyRoot, inRoot } from "../support/forky/root.js";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.js";
import { runProgram } from "./bed/run-program.js";
import { type ParityServer, startParityServer } from "./bed/server.js";
import { generatedBytes } from "./generated-bytes.js";

const ALGORITHMS = ["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256"];
const SIZES = { "in one request": 70_001, "in parts": 17_000_001 };
const BUCKET = "checksums";

let server: ParityServer;
let folder: TemporaryFolder;
let aws: readonly string[];
const ours = [process.execPath, BUILT_FILE];

beforeAll(async () => {
  const root = await forkyRoot();
  if (root === undefined)
    throw new Error("Debian's testing suite, whose AWS CLI is the reference, is not here.");
  aws = [...inRoot(root), "/usr/bin/aws", "s3"];
  server = await startParityServer();
  folder = temporaryFolder();
  await server.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  folder?.remove();
  await server?.close();
});

/** `cp ARGS` by one of the two programs, which must succeed. */
async function cp(program: readonly string[], ...args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: "/nonexistent",
    AWS_ACCESS_KEY_ID: server.accessKey,
    AWS_SECRET_ACCESS_KEY: server.secretKey,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const command = [...program, "cp", ...args, "--no-progress", "--endpoint-url", server.url];
  const run = await runProgram(command, { cwd: folder.path, stdin: "", env });
  expect(run.code, `${args.join(" ")}\n${run.stdout}${run.stderr}`).toBe(0);
  return run.stderr;
}

/** What the server says of an object's checksum, and of its parts. */
async function stored(key: string) {
  const head = new HeadObjectCommand({ Bucket: BUCKET, Key: key, ChecksumMode: "ENABLED" });
  const { ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256, ...more } =
    await server.client.send(head);
  const { ChecksumType, ETag } = more;
  return {
    ChecksumCRC32,
    ChecksumCRC32C,
    ChecksumCRC64NVME,
    ChecksumSHA1,
    ChecksumSHA256,
    ChecksumType,
    ETag,
  };
}

describe.each(ALGORITHMS)("%s", (algorithm) => {
  it.each(Object.entries(SIZES))(
    "%s: both store the same checksum, and each takes the other's object",
    async (_, size) => {
      writeFileSync(folder.at("f"), generatedBytes(size));
      await cp(aws, "f", `s3://${BUCKET}/aws`, "--checksum-algorithm", algorithm);
      await cp(ours, "f", `s3://${BUCKET}/ours`, "--checksum-algorithm", algorithm);
      const byAws = await stored("aws");
      expect(byAws[`Checksum${algorithm}` as keyof typeof byAws], JSON.stringify(byAws)).toBeDefined();
      expect(await stored("ours")).toEqual(byAws);
      const isComposite = byAws.ChecksumType === "COMPOSITE";
      expect(isComposite).toBe(algorithm.startsWith("SHA") && size === SIZES["in parts"]);
      // Of a checksum of the parts' checksums ours does not say that it verified anything.
      const mode = isComposite ? [] : ["--checksum-mode", "ENABLED"];
      for (const [program, key] of [
        [aws, "ours"],
        [ours, "aws"],
        [ours, "ours"],
      ] as const) {
        const said = await cp(program, `s3://${BUCKET}/${key}`, "back", ...mode);
        expect(said.includes("was not verified")).toBe(isComposite && program === ours);
        expect(readFileSync(folder.at("back")).equals(generatedBytes(size))).toBe(true);
      }
    },
  );
});

it.each(Object.entries(SIZES))("%s, and no algorithm named: the same", async (_, size) => {
  writeFileSync(folder.at("f"), generatedBytes(size));
  await cp(aws, "f", `s3://${BUCKET}/aws`);
  await cp(ours, "f", `s3://${BUCKET}/ours`);
  const byAws = await stored("aws");
  expect(byAws.ChecksumCRC64NVME).toBeDefined();
  expect(await stored("ours")).toEqual(byAws);
});
