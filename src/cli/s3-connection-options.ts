import { TLS_AND_TIME } from "./tls-and-time-options.js";
import type { OptionGroup } from "./verb.js";

/** How the S3 server is reached: the AWS CLI's global options, for every S3 verb. */
export const CONNECTION_GROUP = {
  title: "The server",
  options: [
    {
      name: "region",
      value: "REGION",
      summary: "The region of the first request. A bucket's own region is found automatically.",
    },
    {
      name: "endpoint-url",
      value: "URL",
      summary: "Another S3 server. Also AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL.",
    },
    {
      name: "addressing-style",
      value: "STYLE",
      choices: ["path", "virtual", "auto"],
      default: "auto",
      summary:
        "Where the bucket is named: in the path, or in the host. Also addressing_style of the profile.",
    },
    { name: "no-sign-request", summary: "Send no credentials: for public buckets." },
    ...TLS_AND_TIME,
    {
      name: "request-payer",
      value: "requester",
      choices: ["requester"],
      optionalValue: "requester",
      summary: "The requester pays for the request.",
    },
    {
      name: "page-size",
      value: "N",
      default: "1000",
      summary:
        "Number of keys in each response of a listing, at most 1000 from S3. For ls without a bucket: of buckets.",
    },
  ],
} as const satisfies OptionGroup;
