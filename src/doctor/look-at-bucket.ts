import type { S3Uri } from "../s3/locations/uri.js";
import { formatS3Uri } from "../s3/locations/uri.js";
import type { Store } from "../s3/store.js";
import { asFinding } from "./ask-source.js";
import { type Finding, noteOf, ok } from "./finding.js";

/** Whether the role may list below a URI, and read what is there. */
export async function lookAtBucket(
  store: Pick<Store, "list" | "head">,
  { bucket, key }: S3Uri,
): Promise<Finding[]> {
  const uri = formatS3Uri(bucket, key);
  const { finding: list, first } = await tryList(store, { bucket, key });
  // A folder is no object: read the first one below it.
  const object = key === "" || key.endsWith("/") ? first : key;
  if (object === undefined) return [list, noteOf("read", `nothing to read below ${uri}`)];
  try {
    const { size } = await store.head({ bucket, key: object });
    return [list, ok("read", `${formatS3Uri(bucket, object)}, ${size} bytes`)];
  } catch (error) {
    return [list, asFinding("read", error)];
  }
}

async function tryList(
  store: Pick<Store, "list">,
  { bucket, key }: S3Uri,
): Promise<{ finding: Finding; first: string | undefined }> {
  const uri = formatS3Uri(bucket, key);
  try {
    for await (const { objects } of store.list({ bucket, prefix: key, pageSize: 1 })) {
      const first = objects[0]?.key;
      if (first !== undefined) return { finding: ok("list", `${uri} may be listed`), first };
    }
    return { finding: noteOf("list", `${uri} may be listed, and nothing is there`), first: undefined };
  } catch (error) {
    return { finding: asFinding("list", error), first: undefined };
  }
}
