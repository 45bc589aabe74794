import type { OptionGroup } from "./verb.js";

/** How the S3 server is reached: the AWS CLI's global options, for every S3 verb. */
export const CONNECTION_GROUP: OptionGroup = {
  title: "The server",
  options: [
    {
      name: "region",
      value: "REGION",
      summary: "Where to ask first; a bucket's own region is found by itself.",
    },
    {
      name: "endpoint-url",
      value: "URL",
      summary: "Another S3 server. Also AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL.",
    },
    { name: "no-sign-request", summary: "Send no credentials: for public buckets." },
    {
      name: "ca-bundle",
      value: "FILE",
      summary: "Trust the certificates in this PEM file. Also AWS_CA_BUNDLE.",
    },
    { name: "no-verify-ssl", summary: "Do not check the server's certificate." },
    {
      name: "cli-read-timeout",
      value: "SECONDS",
      default: "20",
      summary: "Longest silence of the server; 0: no limit.",
    },
    {
      name: "cli-connect-timeout",
      value: "SECONDS",
      default: "10",
      summary: "Longest wait for a connection; 0: no limit.",
    },
    {
      name: "request-payer",
      value: "requester",
      choices: ["requester"],
      optionalValue: "requester",
      summary: "The one who asks pays.",
    },
    {
      name: "page-size",
      value: "N",
      default: "1000",
      summary: "Keys in one answer of a listing: 1 to 1000.",
    },
  ],
};
