import type { OptionSpec } from "./verb.js";

/** How a server of AWS is reached, S3 or STS: the AWS CLI's global options of these names. */
export const TLS_AND_TIME = [
  {
    name: "ca-bundle",
    value: "FILE",
    summary: "Trust only the certificates in this PEM file. Also AWS_CA_BUNDLE.",
  },
  { name: "no-verify-ssl", summary: "Do not check the server's certificate." },
  {
    name: "cli-read-timeout",
    value: "SECONDS",
    default: "60",
    summary: "How long to wait for data from the server, before its response and within it (0: no limit).",
  },
  {
    name: "cli-connect-timeout",
    value: "SECONDS",
    default: "10",
    summary: "Longest wait for a connection; 0: no limit.",
  },
] as const satisfies readonly OptionSpec[];
