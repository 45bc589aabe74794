import { group, type LineEntry } from "../line.js";
import { wrongValue } from "./differences.js";

const input: LineEntry[] = [
  "cp - s3://BUCKET/from-stdin",
  "cp - s3://BUCKET/from-stdin.html",
  "cp - s3://BUCKET/",
  "cp - s3://BUCKET",
  "cp - s3://BUCKET/from-stdin --content-type x/y --metadata a=b",
  "cp - s3://BUCKET/from-stdin --expected-size 17",
  "cp - s3://BUCKET/from-stdin --expected-size 60000000000",
  ["cp - s3://BUCKET/from-stdin --expected-size nonsense", wrongValue(/--expected-size/)],
  "cp - s3://BUCKET/from-stdin --quiet",
  "cp - s3://BUCKET/from-stdin --only-show-errors",
  "cp - s3://BUCKET/from-stdin --dryrun",
  "cp - s3://BUCKET/from-stdin --dryrun --only-show-errors",
  "cp - s3://BUCKET/from-stdin --dryrun --quiet",
  "cp - s3://BUCKET/from-stdin --storage-class STANDARD_IA",
  "cp - s3://BUCKET/from-stdin --recursive",
  "cp - s3://no-such-bucket-of-ours/x",
  ["cp - s3://BUCKET/from-stdin", { stdin: "" }],
  ["cp - s3://BUCKET/from-stdin", { stdin: "0123456789abcdef".repeat(600_000) }],
];

export const streams = [group("Upload a stream", { stdin: "streamed" }, input)];
