import { isIP } from "node:net";

const CONSOLE = /(?:^|\.)console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/;

/**
 * A host of S3 and its like, with the bucket before it or in the path: `b.s3.eu-west-1.amazonaws.com`,
 * `s3-eu-west-1.amazonaws.com`, `b.s3-website-eu-west-1.amazonaws.com`, `s3.us-west-001.backblazeb2.com` (Amazon S3 User
 * Guide, "Virtual hosting of general purpose buckets").
 */
const STORE = /^(?:(.+?)\.)?(?:s3(?:-[a-z0-9-]+)?\.[a-z0-9.-]+|storage\.googleapis\.com)$/;
const PATH_STYLE = /^(?:localhost|.+\.r2\.cloudflarestorage\.com)$/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `b/k` of a web address of an object, also of AWS's console; undefined where it may be of anything. */
function ofWebAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname, searchParams, port } = new URL(text);
  const path = decoded(pathname).replace(/^\/+/, "");
  if (CONSOLE.test(hostname)) {
    const bucket = /^s3\/(?:object|buckets|upload)\/([^/]+)/.exec(path)?.[1];
    return bucket && `${bucket}/${searchParams.get("prefix") ?? ""}`;
  }
  const store = STORE.exec(hostname);
  if (store?.[1] !== undefined) return `${store[1]}/${path}`;
  const isPathStyle = store !== null || port !== "" || PATH_STYLE.test(hostname);
  return isPathStyle || isIP(hostname.replace(/^\[|\]$/g, "")) > 0 ? path : undefined;
}

/** What stands behind `s3://` in what was meant. */
function rest(text: string): string | undefined {
  const [, misspelt] = /^s3[an]?(?::\/*|\/\/+)([^/].*)$/is.exec(text) ?? [];
  const bare = misspelt ?? text;
  if (/^https?:\/\//i.test(bare)) return ofWebAddress(bare);
  return /^arn:aws[a-z-]*:s3:::([^:/]+(?:\/.*)?)$/s.exec(bare)?.[1] ?? misspelt;
}

/**
 * What was meant by a text that is nearly an S3 URI (`s3:/b/k`, `S3://b/k`, `s3:///b/k`, `s3//b/k`, `s3a://b/k`), an
 * object's web address, or its ARN.
 *
 * @returns undefined when it is one, or nothing like it
 */
export function meantS3Uri(text: string): string | undefined {
  const meant = rest(text);
  return !meant || text === `s3://${meant}` ? undefined : `s3://${meant}`;
}
