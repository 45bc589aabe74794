import type { S3Uri } from "../s3/locations/uri.js";
import { formatS3Uri } from "../s3/locations/uri.js";
import type { Store } from "../s3/store.js";
import { asFinding } from "./ask-source.js";
import { type Finding, noteOf, ok } from "./finding.js";

type Asked = Pick<Store, "list" | "head">;

const isFolder = (key: string) => key === "" || key.endsWith("/");

/**
 * Whether the role may list below a URI, and read what is there. Who may read the one object that is named need not list,
 * and where both fail for one reason, it is told once.
 */
export async function lookAtBucket(store: Asked, { bucket, key }: S3Uri): Promise<Finding[]> {
  const uri = formatS3Uri(bucket, key);
  const { finding: list, first } = await tryList(store, { bucket, key });
  // A folder is no object: read the first one below it.
  const object = isFolder(key) ? first : key;
  if (object === undefined)
    return list.level === "fix" ? [list] : [list, noteOf("read", `nothing to read below ${uri}`)];
  const read = await tryRead(store, { bucket, key: object });
  if (list.level !== "fix") return [list, read];
  if (read.level === "ok" && list.id === "s3-access-denied")
    return [noteOf("list", `${uri} may not be listed`, `${ONLY_TREES} ${list.fix ?? ""}`.trim()), read];
  return list.id === read.id ? [{ ...list, level: "note", fix: "See read." }, read] : [list, read];
}

const ONLY_TREES = "ls, sync, --recursive and wildcards need that; one object does not.";

async function tryRead(store: Asked, { bucket, key }: S3Uri): Promise<Finding> {
  try {
    const { size } = await store.head({ bucket, key });
    return ok("read", `${formatS3Uri(bucket, key)}, ${size} bytes`);
  } catch (error) {
    return asFinding("read", error);
  }
}

async function tryList(
  store: Asked,
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
