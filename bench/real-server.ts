import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { forkyRoot } from "../test/support/forky/root.js";
import { startRadosgw } from "../test/support/radosgw.js";
import type { Case } from "./cases.js";
import { ENVIRONMENT, installedClients } from "./clients.js";
import { LARGE_KEY, makeObjects } from "./data.js";
import { table } from "./report.js";
import { runCase } from "./run-case.js";
import { FULL, type Sizes, SMALL_OBJECT } from "./sizes.js";

/** A server that checks signatures and stores what it is given; none where Debian's testing suite cannot be had. */
interface RealServer {
  readonly url: string;
  readonly keys: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Little enough for a store in memory that forgets nothing it was given before the end. */
const SIZES: Sizes = { ...FULL, large: 64 << 20, small: 1000 };

async function startRealServer(): Promise<RealServer | undefined> {
  if ((await forkyRoot()) === undefined) return undefined;
  const { url, accessKey, secretKey, close } = await startRadosgw();
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint: url, region: "us-east-1", forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: "bench" }));
  client.destroy();
  return { url, keys: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }, close };
}

/** Up first: what goes down is what came up. `objects` holds the data. */
function realCases(endpoint: string, objects: string, target: string): Case[] {
  const large = `${SIZES.large / (1 << 20)} MiB`;
  const small = `${SIZES.small} × ${SMALL_OBJECT / 1024} KiB`;
  const file = { endpoint, remote: `bench/${LARGE_KEY}` };
  const tree = { endpoint, remote: "bench/small/" };
  return [
    { title: `${large} up, radosgw`, task: { ...file, kind: "object-up", local: `${objects}/${LARGE_KEY}` } },
    {
      title: `${large} down, radosgw`,
      task: { ...file, kind: "object-down", local: `${target}/${LARGE_KEY}` },
      empties: target,
    },
    { title: `${small} up, radosgw`, task: { ...tree, kind: "tree-up", local: `${objects}/small` } },
    {
      title: `${small} down, radosgw`,
      task: { ...tree, kind: "tree-down", local: target },
      empties: target,
    },
  ];
}

/** The same programs against a server that checks signatures and stores; curl cannot sign as the others do. */
export async function benchReal(folder: string): Promise<void> {
  const server = await startRealServer();
  if (server === undefined) {
    console.error("bench: no real S3 server (it needs root and debootstrap)");
    process.exitCode = 1;
    return;
  }
  const at = (name: string) => join(folder, name);
  for (const name of ["run", "target"]) mkdirSync(at(name));
  try {
    makeObjects(at("objects"), SIZES);
    const signing = (await installedClients()).filter(({ name }) => name !== "curl");
    const env = { ...ENVIRONMENT, ...server.keys };
    for (const bench of realCases(server.url, at("objects"), at("target"))) {
      const runs = { place: "radosgw", count: SIZES.runs, folder: at("run"), env };
      console.log(`\n${table([await runCase(bench, signing, runs)])}`);
    }
  } finally {
    await server.close();
  }
}
