import { NO_EFFECT_GROUP } from "../cli/aws-cli-options.js";
import { CREDENTIAL_GROUPS, GENERAL_GROUP } from "../cli/credential-options.js";
import { CONNECTION_GROUP } from "../cli/s3-connection-options.js";
import { note } from "../cli/say.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import type { Output } from "../context.js";
import { ExitCode } from "../failure.js";
import { formatS3Uri, parseS3Uri, S3_SCHEME } from "../s3/locations/uri.js";
import { listBuckets, listObjects, type Write } from "../s3/plan/ls.js";
import { openS3, untilSignal } from "./open-s3.js";
import { bucketsQuery, lsRequest } from "./options/ls-request.js";
import { emptyBucket, noBuckets } from "./s3-notices.js";

export const LS_GROUP = {
  title: "ls",
  options: [
    { name: "recursive", summary: "List all objects below, with their full keys." },
    { name: "human-readable", summary: "Show sizes as 1.2 MiB." },
    { name: "summarize", summary: "Show the number of objects and bytes at the end." },
    { name: "bucket-name-prefix", value: "TEXT", summary: "List only buckets whose names begin with this." },
    {
      name: "bucket-region",
      value: "REGION",
      summary: "List only buckets in this region. The request goes there unless --region is set.",
    },
    { name: "json", summary: "Print one JSON object per line." },
  ],
} as const satisfies OptionGroup;

const FILTERS = "ls has no filters: cp --recursive --dryrun shows what they leave.";

/** Writes, and waits while the reader is slower. */
function writer(stream: Output): Write {
  return (text) => {
    if (stream.write(text)) return undefined;
    return new Promise((resolve) => stream.once("drain", resolve));
  };
}

export const lsVerb: Verb = {
  name: "ls",
  synopsis: "fetch-creds.js ls [s3://BUCKET[/PREFIX]] [options]",
  operands: { min: 0, max: 1 },
  without: { exclude: FILTERS, include: FILTERS },
  groups: [LS_GROUP, CONNECTION_GROUP, ...CREDENTIAL_GROUPS, GENERAL_GROUP, NO_EFFECT_GROUP],
  description:
    "Without an operand, lists the buckets; with one, what begins with PREFIX, folder by folder. Exit 1 if nothing does, 254 if S3 answers an error.",
  examples: ["node fetch-creds.js ls s3://my-bucket/models/ --recursive"],
  steps: ["node /fetch-creds.js ls s3://my-bucket/models/ --human-readable --summarize"],
  async run(invocation, context) {
    const [operand = S3_SCHEME] = invocation.operands;
    const uri = operand === S3_SCHEME ? undefined : parseS3Uri(operand);
    const request = lsRequest(invocation);
    const store = await openS3(invocation, context);
    if (store === undefined) {
      if (request.json) context.print(`${JSON.stringify({ available: false })}\n`);
      return ExitCode.ok;
    }
    return untilSignal(store, context, async () => {
      const write = writer(context.stdout);
      if (uri === undefined) {
        const found = await listBuckets(store, bucketsQuery(invocation), request, write);
        if (!found) note(noBuckets(), context);
      } else if (!(await listObjects(store, uri, request, write)))
        note(emptyBucket(formatS3Uri(uri.bucket, "")), context);
      return ExitCode.ok;
    });
  },
};
