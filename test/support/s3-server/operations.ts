import { completeMultipartUpload } from "./complete-multipart.js";
import { copyObject } from "./copy.js";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
  listObjectsV2,
  listObjectVersions,
} from "./listing.js";
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
  uploadPartCopy,
} from "./multipart.js";
import type { Operation } from "./operation.js";
import { readObject } from "./read-object.js";
import { sts } from "./sts.js";
import {
  deleteObject,
  deleteObjectTagging,
  getObjectTagging,
  putObject,
  putObjectTagging,
} from "./write-object.js";

/** All that the server can do, by S3's names. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["AbortMultipartUpload", abortMultipartUpload],
  ["CompleteMultipartUpload", completeMultipartUpload],
  ["CopyObject", copyObject],
  ["CreateBucket", createBucket],
  ["CreateMultipartUpload", createMultipartUpload],
  ["DeleteBucket", deleteBucket],
  ["DeleteObject", deleteObject],
  ["DeleteObjectTagging", deleteObjectTagging],
  ["GetBucketLocation", getBucketLocation],
  ["GetObject", readObject],
  ["GetObjectTagging", getObjectTagging],
  ["HeadBucket", headBucket],
  ["HeadObject", readObject],
  ["ListBuckets", listBuckets],
  ["ListMultipartUploads", listMultipartUploads],
  ["ListObjectVersions", listObjectVersions],
  ["ListObjectsV2", listObjectsV2],
  ["ListParts", listParts],
  ["PutObject", putObject],
  ["PutObjectTagging", putObjectTagging],
  ["STS", sts],
  ["UploadPart", uploadPart],
  ["UploadPartCopy", uploadPartCopy],
]);
