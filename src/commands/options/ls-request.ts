import type { Invocation } from "../../cli/invocation.js";
import type { LsRequest } from "../../s3/plan/ls.js";
import type { BucketsQuery } from "../../s3/store.js";
import { pageSizeOption } from "./store-options.js";

/** What ls is to list, and how. */
export function lsRequest(invocation: Invocation): LsRequest {
  return {
    recursive: invocation.flag("recursive"),
    humanReadable: invocation.flag("human-readable"),
    summarize: invocation.flag("summarize"),
    json: invocation.flag("json"),
    pageSize: pageSizeOption(invocation),
  };
}

/** Which buckets. */
export function bucketsQuery(invocation: Invocation): BucketsQuery {
  return {
    prefix: invocation.value("bucket-name-prefix"),
    region: invocation.value("bucket-region"),
    pageSize: pageSizeOption(invocation),
  };
}
