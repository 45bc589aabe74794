import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { bucketOfHost } from "./addressing.js";

/** A request as the operations see it. */
export interface S3Request {
  readonly method: string;
  /** The path as it was sent, percent-encoded, without the query. */
  readonly rawPath: string;
  /** Decoded, in the order of the request. */
  readonly parameters: readonly (readonly [string, string])[];
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Undefined for requests to the service: ListBuckets, STS. */
  readonly bucket: string | undefined;
  /** Undefined for requests to a bucket. */
  readonly key: string | undefined;
  /** S3's name of it: `GetObject`. */
  readonly operation: string;
  /** Came over TLS. */
  readonly secure: boolean;
}

/** A header's value; undefined when it was not sent. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** A query parameter's value; `""` for one without `=`; undefined when it is not there. */
export function parameter(request: S3Request, name: string): string | undefined {
  return request.parameters.find(([found]) => found === name)?.[1];
}

function parseQuery(query: string): [string, string][] {
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      const decode = (text: string) => decodeURIComponent(text.replaceAll("+", "%20"));
      return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
    });
}

function objectOperation(method: string, has: (name: string) => boolean, isCopy: boolean): string {
  if (has("tagging")) return `${{ GET: "Get", PUT: "Put" }[method] ?? "Delete"}ObjectTagging`;
  if (has("uploads")) return "CreateMultipartUpload";
  if (has("uploadId")) {
    if (method === "PUT") return isCopy ? "UploadPartCopy" : "UploadPart";
    return { POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload" }[method] ?? "ListParts";
  }
  if (method === "PUT") return isCopy ? "CopyObject" : "PutObject";
  return { GET: "GetObject", HEAD: "HeadObject", DELETE: "DeleteObject" }[method] ?? method;
}

function bucketOperation(method: string, has: (name: string) => boolean): string {
  if (has("location")) return "GetBucketLocation";
  if (has("uploads")) return "ListMultipartUploads";
  if (has("versions")) return "ListObjectVersions";
  return (
    { GET: "ListObjectsV2", HEAD: "HeadBucket", PUT: "CreateBucket", DELETE: "DeleteBucket" }[method] ??
    method
  );
}

/** The path of a target that may be in absolute form, as a client sends it to a proxy. */
function originForm(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/, "") || "/";
}

/** Reads the head of a request: which bucket and key it is for, in path or virtual-host style, and which operation. */
export function parseRequest(message: IncomingMessage, secure: boolean): S3Request {
  const method = message.method ?? "";
  const target = originForm(message.url ?? "/");
  const at = target.indexOf("?");
  const rawPath = at < 0 ? target : target.slice(0, at);
  const parameters = parseQuery(at < 0 ? "" : target.slice(at + 1));
  const hostBucket = bucketOfHost(message.headers.host ?? "");
  const path = rawPath.slice(1);
  const slash = path.indexOf("/");
  const pathBucket = decodeURIComponent(slash < 0 ? path : path.slice(0, slash));
  const bucket = hostBucket ?? (pathBucket === "" ? undefined : pathBucket);
  const rawKey = hostBucket === undefined ? (slash < 0 ? "" : path.slice(slash + 1)) : path;
  const key = rawKey === "" ? undefined : decodeURIComponent(rawKey);
  const has = (name: string) => parameters.some(([found]) => found === name);
  let operation = method === "POST" ? "STS" : "ListBuckets";
  if (bucket !== undefined) {
    operation =
      key === undefined
        ? bucketOperation(method, has)
        : objectOperation(method, has, message.headers["x-amz-copy-source"] !== undefined);
  }
  return { method, rawPath, parameters, headers: message.headers, bucket, key, operation, secure };
}
