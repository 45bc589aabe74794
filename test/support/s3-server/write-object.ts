import type { StoredObject } from "./buckets.js";
import { type Checksum, checksumOf, sentChecksum } from "./checksums.js";
import { checkWriteConditions } from "./conditions.js";
import { checksumHeaders, encryptionHeaders, etagOf, requestedProperties } from "./object-properties.js";
import { type Call, emptyResponse, type Response, xmlResponse } from "./operation.js";
import { invalidRequest, S3Error } from "./s3-error.js";
import { header, parameter } from "./s3-request.js";
import { document, element, elements, elementText } from "./xml.js";

export const tooLarge = () =>
  new S3Error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");

/** S3's time of now: whole seconds. */
export const wholeSeconds = (ms: number) => Math.floor(ms / 1000) * 1000;

/** The checksum that a request carries or asks for; CRC64NVME for one that does neither, as of December 2024. */
function checksumFor(call: Call): Checksum | undefined {
  if (!call.modernChecksums) return undefined;
  const sent = sentChecksum(call.request.headers);
  const asked = header(call.request, "x-amz-sdk-checksum-algorithm")?.toUpperCase();
  if (sent !== undefined && asked !== undefined && sent.algorithm !== asked) {
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
  const algorithm = sent?.algorithm ?? asked ?? "CRC64NVME";
  return { algorithm, value: checksumOf(algorithm, call.body), type: "FULL_OBJECT" };
}

/** What a write answers. */
export function storedHeaders(call: Call, object: StoredObject): Record<string, string> {
  return {
    etag: `"${object.etag}"`,
    ...encryptionHeaders(object),
    ...checksumHeaders(object.checksum),
    ...(call.bucket.versioning ? { "x-amz-version-id": object.versionId } : {}),
  };
}

export function putObject(call: Call): Response {
  const { request, bucket, key, body } = call;
  bucket.allow("s3:PutObject");
  if (Buffer.byteLength(key) > 1024) throw new S3Error(400, "KeyTooLongError", "Your key is too long");
  if (body.length > call.limits.maximumPut) throw tooLarge();
  checkWriteConditions(request, bucket.object(key));
  const properties = requestedProperties(request);
  const checksum = checksumFor(call);
  const object = bucket.store({
    ...properties,
    key,
    body,
    etag: etagOf(body, properties),
    lastModified: wholeSeconds(call.now),
    versionId: "null",
    ...(checksum === undefined ? {} : { checksum }),
  });
  return emptyResponse(200, storedHeaders(call, object));
}

export function deleteObject(call: Call): Response {
  call.bucket.allow("s3:DeleteObject");
  call.bucket.remove(call.key, parameter(call.request, "versionId"), call.now);
  return emptyResponse(204);
}

export function getObjectTagging(call: Call): Response {
  const { tags } = call.bucket.find(call.key, parameter(call.request, "versionId"));
  const list = Object.entries(tags).map(
    ([name, value]) => `<Tag>${element("Key", name)}${element("Value", value)}</Tag>`,
  );
  return xmlResponse(document("Tagging", `<TagSet>${list.join("")}</TagSet>`));
}

function replaceTags(call: Call, tags: Readonly<Record<string, string>>): void {
  const object = call.bucket.find(call.key, parameter(call.request, "versionId"));
  const versions = call.bucket.versions.get(call.key) ?? [];
  call.bucket.versions.set(
    call.key,
    versions.map((version) => (version === object ? { ...object, tags } : version)),
  );
}

export function putObjectTagging(call: Call): Response {
  const tags = elements(call.body.toString(), "Tag").map(
    (tag) => [elementText(tag, "Key") ?? "", elementText(tag, "Value") ?? ""] as const,
  );
  replaceTags(call, Object.fromEntries(tags));
  return emptyResponse(200);
}

export function deleteObjectTagging(call: Call): Response {
  replaceTags(call, {});
  return emptyResponse(204);
}
