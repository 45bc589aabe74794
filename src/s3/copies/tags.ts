import type { GetObjectTaggingOutput } from "@aws-sdk/client-s3";
import { encodeQueryPart } from "../../aws/uri-encode.js";
import type { Cancellation } from "../../http/cancellation.js";
import { isNotImplemented } from "../requests/refused-headers.js";
import { isDocument } from "../requests/result.js";
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

/**
 * The tags of an object; none where the store knows no tags.
 *
 * @param region where its bucket is supposed to be
 * @throws what Sender.send throws
 */
export async function readTags(
  rare: RareRequests,
  { bucket, key, versionId }: ObjectRef,
  region: string | undefined,
  cancellation: Cancellation,
): Promise<Tag[]> {
  const request = { bucket, key, region, isDone: isDocument("Tagging") };
  const input = { ...PLACE, ...(versionId === undefined ? {} : { VersionId: versionId }) };
  try {
    const { TagSet = [] } = await rare.send<GetObjectTaggingOutput>(
      (sdk) => sdk.GetObjectTagging$,
      input,
      request,
      cancellation,
    );
    return TagSet.map(({ Key = "", Value = "" }) => ({ key: Key, value: Value }));
  } catch (error) {
    if (isNotImplemented(error)) return [];
    throw error;
  }
}

export async function writeTags(
  rare: RareRequests,
  { bucket, key }: ObjectRef,
  tags: readonly Tag[],
  cancellation: Cancellation,
): Promise<void> {
  await rare.send(
    (sdk) => sdk.PutObjectTagging$,
    { ...PLACE, Tagging: { TagSet: tags.map((tag) => ({ Key: tag.key, Value: tag.value })) } },
    { bucket, key },
    cancellation,
  );
}
