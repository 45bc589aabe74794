// The requests that the SDK writes out, as its tables have them, and the protocol that reads those tables. The client
// around them (credentials, configuration, retries, connections) is left out: the sender does all that.
export { GetObjectTagging$, ListBuckets$, PutObjectTagging$ } from "@aws-sdk/client-s3";
export { AwsRestXmlProtocol } from "@aws-sdk/core/protocols";
