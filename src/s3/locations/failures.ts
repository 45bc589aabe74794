import { ExitCode, Failure } from "../../failure.js";
import { printable } from "../../output/printable.js";

export function missingBucket(text: string): Failure {
  return new Failure("s3-uri-without-bucket", {
    message: `${printable(text)}: no bucket in it`,
    hint: "An S3 URI looks like s3://BUCKET/KEY.",
    exitCode: ExitCode.usage,
  });
}

export function bareKey(uri: string): Failure {
  return new Failure("s3-uri-without-key", {
    message: `${printable(uri)} names a bucket, not an object`,
    hint: "Add the object's key, or --recursive to copy all of it.",
    exitCode: ExitCode.usage,
  });
}

export function unsupportedArn(kind: string): Failure {
  return new Failure("s3-arn-unsupported", {
    message: `this ARN names ${kind}: not supported here`,
    hint: "Name the bucket, or an access point of one region.",
    exitCode: ExitCode.usage,
  });
}

export function noS3Side(): Failure {
  return new Failure("no-s3-side", {
    message: "neither side is an S3 URI",
    hint: "One of the two, or both, must be s3://BUCKET/KEY; for local copies there is cp(1).",
    exitCode: ExitCode.usage,
  });
}

export function streamsAreSingle(): Failure {
  return new Failure("stream-of-many", {
    message: "- (a stream) works with a single object only",
    hint: "Leave out --recursive, name one object, and use cp rather than sync.",
    exitCode: ExitCode.usage,
  });
}

export function missingPath(path: string): Failure {
  return new Failure("path-missing", {
    message: `The user-provided path ${printable(path)} does not exist.`,
    exitCode: ExitCode.other,
  });
}
