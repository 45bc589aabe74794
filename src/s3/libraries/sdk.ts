export {
  GetObjectTaggingCommand,
  ListBucketsCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
