import { headerText } from "../../http/header-bytes.js";
import type { CopyParameters, ObjectHead, WriteParameters } from "../store.js";

/** Stores that know no annotations need not take it. */
export const ANNOTATIONS = "x-amz-object-annotation-directive";

/** How CopyObject treats what the source has: S3's directives, from the AWS CLI's --copy-props and --metadata-directive. */
export function copyDirectives(parameters: CopyParameters): Record<string, string> {
  const { copyProps, metadataDirective } = parameters;
  if (metadataDirective !== undefined) return { "x-amz-metadata-directive": metadataDirective };
  const replacesMetadata = copyProps === "none" || changesSomeProperties(parameters);
  return {
    ...(replacesMetadata ? { "x-amz-metadata-directive": "REPLACE" } : {}),
    ...(copyProps === "default" ? {} : { "x-amz-tagging-directive": "REPLACE" }),
    // Without it S3 copies annotations, which takes permissions of its own.
    [ANNOTATIONS]: "EXCLUDE",
  };
}

/** Whether a copy in parts, which starts an object afresh, must carry over the source's properties itself. */
export function carriesProperties({ copyProps, metadataDirective }: CopyParameters): boolean {
  return metadataDirective === undefined ? copyProps !== "none" : metadataDirective.toUpperCase() === "COPY";
}

/**
 * Whether some of the properties are given and the others shall stay: CopyObject can only copy all or replace all, so
 * the source's are read and sent beside the given ones, as the AWS CLI v2 does.
 */
export function changesSomeProperties(parameters: CopyParameters): boolean {
  if (parameters.metadataDirective !== undefined || parameters.copyProps === "none") return false;
  const { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage } = parameters;
  const given = [contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage];
  return [...given, parameters.expires, parameters.metadata].some((value) => value !== undefined);
}

/** The parameters of a copy in parts with the source's properties under those that were given. */
export function withSourceProperties(parameters: CopyParameters, head: ObjectHead): WriteParameters {
  const headers = Object.fromEntries(
    Object.entries(head.headers).map(([name, bytes]) => [name, headerText(bytes)]),
  );
  const metadata = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith("x-amz-meta-") ? [[name.slice("x-amz-meta-".length), value]] : [],
    ),
  );
  const properties = {
    contentType: headers["content-type"],
    cacheControl: headers["cache-control"],
    contentDisposition: headers["content-disposition"],
    contentEncoding: headers["content-encoding"],
    contentLanguage: headers["content-language"],
    expires: headers.expires,
  };
  const present = Object.entries(properties).filter(([, value]) => value !== undefined);
  return { metadata, ...Object.fromEntries(present), ...parameters };
}
