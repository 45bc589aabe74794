import type { GetObjectTaggingOutput } from "@aws-sdk/client-s3";
import { encodeQueryPart } from "../../aws/uri-encode.js";
import { isDocument } from "../requests/result.js";
import type { Stop } from "../requests/stop.js";
import { PLACE, type RareRequests } from "../sdk/rare-requests.js";
import type { ObjectRef } from "../store.js";

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Longer than this S3 does not take tags in a header (AWS CLI, copy-props). */
const MAX_HEADER = 2048;

/** The x-amz-tagging header; undefined when there are no tags, or too many for it. */
export function tagHeader(tags: readonly Tag[]): string | undefined {
  const header = tags.map(({ key, value }) => `${encodeQueryPart(key)}=${encodeQueryPart(value)}`).join("&");
  return header === "" || header.length > MAX_HEADER ? undefined : header;
}

export async function readTags(
  rare: RareRequests,
  { bucket, key, versionId }: ObjectRef,
  stop: Stop,
): Promise<Tag[]> {
  const request = { bucket, key, isDone: isDocument("Tagging") };
  const { TagSet = [] } = await rare.send<GetObjectTaggingOutput>(
    (sdk) => sdk.GetObjectTagging$,
    { ...PLACE, ...(versionId === undefined ? {} : { VersionId: versionId }) },
    request,
    stop,
  );
  return TagSet.map(({ Key = "", Value = "" }) => ({ key: Key, value: Value }));
}

export async function writeTags(
  rare: RareRequests,
  { bucket, key }: ObjectRef,
  tags: readonly Tag[],
  stop: Stop,
): Promise<void> {
  await rare.send(
    (sdk) => sdk.PutObjectTagging$,
    { ...PLACE, Tagging: { TagSet: tags.map((tag) => ({ Key: tag.key, Value: tag.value })) } },
    { bucket, key },
    stop,
  );
}
