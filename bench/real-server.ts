import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { forkyRoot } from "../test/support/forky/root.js";
import { startRadosgw } from "../test/support/radosgw.js";
import type { Case } from "./cases.js";
import { LARGE_KEY } from "./data.js";
import { type Sizes, SMALL_OBJECT } from "./sizes.js";

/** A server that checks signatures and stores what it is given; none where Debian's testing suite cannot be had. */
export interface RealServer {
  readonly url: string;
  readonly keys: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Little enough for a store in memory that forgets nothing it was given before the end. */
export function realSizes(sizes: Sizes): Sizes {
  return { ...sizes, large: Math.min(sizes.large, 64 << 20), small: Math.min(sizes.small, 1000) };
}

export async function startRealServer(): Promise<RealServer | undefined> {
  if ((await forkyRoot()) === undefined) return undefined;
  const { url, accessKey, secretKey, close } = await startRadosgw();
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const client = new S3Client({ endpoint: url, region: "us-east-1", forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: "bench" }));
  client.destroy();
  return { url, keys: { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }, close };
}

/** Up first: what goes down is what came up. `objects` holds data of these sizes. */
export function realCases(sizes: Sizes, endpoint: string, objects: string, target: string): Case[] {
  const large = `${sizes.large / (1 << 20)} MiB`;
  const small = `${sizes.small} × ${SMALL_OBJECT / 1024} KiB`;
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
