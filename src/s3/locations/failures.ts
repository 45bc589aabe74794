import { basename } from "node:path";
import { ExitCode, Failure } from "../../failure.js";
import { printable, shortened, shownUrl } from "../../output/printable.js";

/** As it was typed, but for what a web address may hold of secrets, wherever it begins. */
const shownOperand = (text: string) => (/https?:\//i.test(text) ? shownUrl(text) : printable(text));

const didYouMean = (uri: string) => `Did you mean ${printable(uri)}?`;

/** @param meant the URI that was meant, most likely */
export function missingBucket(text: string, meant: string | undefined): Failure {
  const fault = /^(?:s3:\/\/)?(?:arn|https?):/i.test(text) ? " is not an S3 URI" : ": no bucket in it";
  return new Failure("s3-uri-without-bucket", {
    message: `${shownOperand(text)}${fault}`,
    hint:
      meant === undefined
        ? "An S3 URI looks like s3://BUCKET/KEY."
        : `${didYouMean(meant)}${text.startsWith("s3:///") ? " Or a variable for the bucket is empty." : ""}`,
    exitCode: ExitCode.usage,
  });
}

export function badBucketName(bucket: string): Failure {
  return new Failure("bad-bucket-name", {
    message: `'${shortened(printable(bucket))}' is not a valid bucket name`,
    hint: /^[$%]/.test(bucket)
      ? "The variable was not expanded: in exec form (RUN [...]) and in single quotes, no shell does that."
      : "A bucket's name has letters, digits, '.', '-' and '_'; the key follows the first '/'.",
    exitCode: ExitCode.usage,
  });
}

export function directoryBucket(bucket: string): Failure {
  return new Failure("directory-bucket", {
    message: `'${printable(bucket)}' is a directory bucket (S3 Express One Zone): not supported here`,
    hint: "Use a general purpose bucket; the AWS CLI can copy between the two.",
    exitCode: ExitCode.usage,
  });
}

export function bareKey(uri: string): Failure {
  return new Failure("s3-uri-without-key", {
    message: `${printable(uri)} names a bucket, not an object`,
    hint: "Add the object's key, or --recursive to copy all of the bucket.",
    exitCode: ExitCode.usage,
  });
}

export function unsupportedArn(kind: string): Failure {
  return new Failure("s3-arn-unsupported", {
    message: `this ARN names ${kind}: not supported here`,
    hint: "Use the bucket's name, or the ARN of an access point in one region.",
    exitCode: ExitCode.usage,
  });
}

/** @param meant the URI that was meant by one of them, most likely */
export function noS3Side(meant: string | undefined): Failure {
  return new Failure("no-s3-side", {
    message: "neither side is an S3 URI",
    hint:
      meant === undefined
        ? "At least one of the two must be an S3 URI, s3://BUCKET/KEY. For local copies, use cp."
        : didYouMean(meant),
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

/** Where nothing is, `*` was to be expanded, or the other way round was meant. */
function missingHint(path: string, folder: string): string {
  if (/^https?:/i.test(path))
    return "That is not an S3 URI: download it with curl, or with ADD in the Dockerfile.";
  if (/[*?]/.test(path))
    return `Local wildcards are not expanded here: use the folder with --recursive --exclude '*' --include '${printable(basename(path))}'.`;
  return `Check the path; the working folder is ${printable(folder)}. In an image, the file must be copied or mounted first. SRC comes before DST.`;
}

/**
 * @param folder where it was looked for
 * @param meant the S3 URI that was meant, most likely
 */
export function missingPath(path: string, folder: string, meant: string | undefined): Failure {
  return new Failure("path-missing", {
    message: `The user-provided path ${shownOperand(path)} does not exist.`,
    hint: meant === undefined ? missingHint(path, folder) : didYouMean(meant),
    exitCode: ExitCode.other,
  });
}
