import { execFileSync } from "node:child_process";
import { join } from "node:path";

const REGIONS = [
  "us-east-1",
  "us-west-2",
  "eu-west-1",
  "eu-central-1",
  "eu-north-1",
  "ap-south-1",
  "us-gov-west-1",
];

function hostsOf(region: string): string[] {
  const suffix = `${region}.amazonaws.com`;
  return [
    ...["s3.", "s3.dualstack.", "s3-fips.", "s3-fips.dualstack."].flatMap((service) => [
      `${service}${suffix}`,
      `*.${service}${suffix}`,
    ]),
    ...["sts.", "sts-fips.", "portal.sso.", "oidc."].map((service) => `${service}${suffix}`),
    `sts.${region}.api.aws`,
    `sts-fips.${region}.api.aws`,
    `*.signin.aws.amazon.com`,
  ];
}

const HOSTS = [
  ...REGIONS.flatMap(hostsOf),
  ...["s3.cn-north-1", "*.s3.cn-north-1", "sts.cn-north-1"].map((host) => `${host}.amazonaws.com.cn`),
  ...["s3.amazonaws.com", "*.s3.amazonaws.com", "sts.amazonaws.com", "*.s3-accelerate.amazonaws.com"],
  ...["any.test", "*.any.test", "s3.test", "sts.test", "agent.test", "localhost"],
];

/** A certificate of its own authority for the hosts of S3 and STS, and its key: files in the folder. */
export interface HostCertificate {
  readonly certificate: string;
  readonly key: string;
}

export function makeCertificate(folder: string): HostCertificate {
  const files = { certificate: join(folder, "recorder.pem"), key: join(folder, "recorder.key") };
  const names = [...new Set(HOSTS)].map((host) => `DNS:${host}`).join(",");
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "7"];
  const out = ["-keyout", files.key, "-out", files.certificate];
  const what = ["-subj", "/CN=recorder", "-addext", `subjectAltName=${names}`];
  execFileSync("openssl", ["req", "-x509", ...kind, ...out, ...what], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return files;
}
