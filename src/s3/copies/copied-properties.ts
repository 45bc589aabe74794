import type { CopyParameters, ObjectHead, WriteParameters } from "../store.js";

/** How CopyObject treats what the source has: S3's directives, from the AWS CLI's --copy-props and --metadata-directive. */
export function copyDirectives({
  copyProps,
  metadataDirective,
  metadata,
}: CopyParameters): Record<string, string> {
  if (metadataDirective !== undefined) return { "x-amz-metadata-directive": metadataDirective };
  const replacesMetadata = copyProps === "none" || metadata !== undefined;
  return {
    ...(replacesMetadata ? { "x-amz-metadata-directive": "REPLACE" } : {}),
    ...(copyProps === "default" ? {} : { "x-amz-tagging-directive": "REPLACE" }),
  };
}

/** Whether a copy in parts, which starts an object afresh, must carry over the source's properties itself. */
export function carriesProperties({ copyProps, metadataDirective }: CopyParameters): boolean {
  return metadataDirective === undefined ? copyProps !== "none" : metadataDirective.toUpperCase() === "COPY";
}

/** The parameters of a copy in parts with the source's properties under those that were given. */
export function withSourceProperties(parameters: CopyParameters, { headers }: ObjectHead): WriteParameters {
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
