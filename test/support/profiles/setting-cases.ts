/** What the two files say, what is run, and whom it then asks: the AWS CLI, and ours. */
export interface SettingCase {
  readonly title: string;
  /** Below `[default]` of the config file, unless it begins with a section. */
  readonly config: string;
  readonly credentials?: string;
  /** Ours is given it by `--credentials-file`; the AWS CLI as its credentials file, without a config file. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  /** Whom to ask: S3 for the objects of a bucket, or STS who the keys belong to. */
  readonly of?: "sts";
  /** The first request. */
  readonly asks?: string;
  /** Nobody is asked: our exit code and words, and the AWS CLI's, which ends with 255. */
  readonly refused?: readonly [code: number, ours: RegExp, cli: RegExp];
}

const R = "region = eu-west-1\n";
const S3 = "https bucket.s3.eu-west-1.amazonaws.com";
const GLOBAL = "endpoint_url = http://global.test\n";
const SERVICES = "services = s\n[services s]\ns3 =\n  endpoint_url = http://service.test\n";
const ofGlobal = "http global.test/bucket eu-west-1";
const ofService = "http service.test/bucket eu-west-1";

const region: readonly SettingCase[] = [
  {
    title: "region of a FIPS endpoint",
    config: "region = fips-us-west-2\n",
    asks: "https bucket.s3-fips.us-west-2.amazonaws.com",
  },
  {
    title: "region of a FIPS endpoint, the other way round",
    config: R,
    env: { AWS_REGION: "us-west-2-fips" },
    asks: "https bucket.s3-fips.us-west-2.amazonaws.com",
  },
  { title: "region", config: R, asks: S3 },
  {
    title: "region, behind AWS_REGION",
    config: R,
    env: { AWS_REGION: "us-west-1" },
    asks: "https bucket.s3.us-west-1.amazonaws.com",
  },
  {
    title: "region, behind --region",
    config: R,
    env: { AWS_REGION: "us-west-1" },
    options: ["--region", "us-west-2"],
    asks: "https bucket.s3.us-west-2.amazonaws.com",
  },
  {
    title: "region of the credentials file before that of the config file",
    config: R,
    credentials: "region = us-west-2\n",
    asks: "https bucket.s3.us-west-2.amazonaws.com",
  },
  {
    title: "region of AWS_PROFILE, never of default",
    config: `${R}${GLOBAL}[profile x]\nregion = ap-south-1\n`,
    env: { AWS_PROFILE: "x" },
    asks: "https bucket.s3.ap-south-1.amazonaws.com",
  },
  {
    title: "region of --profile before AWS_PROFILE's",
    config: `${R}[profile x]\nregion = ap-south-1\n`,
    env: { AWS_PROFILE: "default" },
    options: ["--profile", "x"],
    asks: "https bucket.s3.ap-south-1.amazonaws.com",
  },
  {
    title: "region of AWS_DEFAULT_PROFILE behind AWS_PROFILE",
    config: `${R}[profile x]\nregion = ap-south-1\n`,
    env: { AWS_PROFILE: "x", AWS_DEFAULT_PROFILE: "default" },
    asks: "https bucket.s3.ap-south-1.amazonaws.com",
  },
  {
    title: "region of the later of [default] and [profile default]",
    config: `[default]\nregion = us-west-1\n[profile default]\n${R}`,
    asks: S3,
  },
  {
    title: "a region that is none",
    config: "region = a_b\n",
    refused: [
      252,
      /the region 'a_b' of ~\/\.aws\/config, profile default is not a valid region/,
      /region_name 'a_b'/,
    ],
  },
];

const endpoint: readonly SettingCase[] = [
  { title: "endpoint_url", config: R + GLOBAL, asks: ofGlobal },
  {
    title: "endpoint_url, behind AWS_ENDPOINT_URL",
    config: R + GLOBAL,
    env: { AWS_ENDPOINT_URL: "http://variable.test" },
    asks: "http variable.test/bucket eu-west-1",
  },
  {
    title: "endpoint_url, behind --endpoint-url",
    config: R + GLOBAL,
    options: ["--endpoint-url", "http://option.test"],
    asks: "http option.test/bucket eu-west-1",
  },
  { title: "the services section before endpoint_url", config: R + GLOBAL + SERVICES, asks: ofService },
  {
    title: "the services section behind AWS_ENDPOINT_URL",
    config: R + SERVICES,
    env: { AWS_ENDPOINT_URL: "http://variable.test" },
    asks: "http variable.test/bucket eu-west-1",
  },
  {
    title: "AWS_ENDPOINT_URL_S3 before AWS_ENDPOINT_URL",
    config: R + SERVICES,
    env: { AWS_ENDPOINT_URL: "http://variable.test", AWS_ENDPOINT_URL_S3: "http://s3.test" },
    asks: "http s3.test/bucket eu-west-1",
  },
  {
    title: "an empty AWS_ENDPOINT_URL as none",
    config: R + SERVICES,
    env: { AWS_ENDPOINT_URL: "" },
    asks: ofService,
  },
  {
    title: "a services section without s3",
    config: `${R}${GLOBAL}services = s\n[services s]\nsts =\n  endpoint_url = http://service.test\n`,
    asks: ofGlobal,
  },
  {
    title: "an empty endpoint_url of s3",
    config: `${R}${GLOBAL}services = s\n[services s]\ns3 =\n  endpoint_url =\n`,
    asks: ofGlobal,
  },
  { title: "an empty endpoint_url", config: `${R}endpoint_url =\n`, asks: S3 },
  {
    title: "a services section named in the credentials file",
    config: `${R}[services s]\ns3 =\n  endpoint_url = http://service.test\n`,
    credentials: "services = s\n",
    asks: ofService,
  },
  {
    title: "endpoint_url below s3 =, which means nothing",
    config: `${R}s3 =\n  endpoint_url = http://below.test\n`,
    asks: S3,
  },
  {
    title: "a services section that is not there",
    config: `${R}services = z\n`,
    refused: [
      253,
      /profile default in ~\/\.aws\/config says services = z/,
      /"z" services configuration does not exist/,
    ],
  },
  {
    title: "an empty services section",
    config: `${R}services = z\n[services z]\n`,
    refused: [253, /says services = z/, /"z" services configuration does not exist/],
  },
  {
    title: "a services section that is not there, and not looked up",
    config: `${R}services = z\n`,
    env: { AWS_ENDPOINT_URL: "http://variable.test" },
    asks: "http variable.test/bucket eu-west-1",
  },
  {
    title: "one that --endpoint-url makes needless",
    config: `${R}services = z\n`,
    options: ["--endpoint-url", "http://option.test"],
    asks: "http option.test/bucket eu-west-1",
  },
  {
    title: "a value in place of nested settings of a service",
    config: `${R}services = s\n[services s]\ns3 = http://service.test\n`,
    refused: [253, /s3 in \[services s\] of ~\/\.aws\/config is a value/, /no attribute/],
  },
  {
    title: "an endpoint_url that is no URL",
    config: `${R}endpoint_url = nowhere\n`,
    refused: [
      252,
      /The endpoint nowhere is not a usable .*\n.*~\/\.aws\/config, profile default/,
      /Invalid endpoint: nowhere/,
    ],
  },
  {
    title: "ignore_configured_endpoint_urls",
    config: `${R}${GLOBAL}ignore_configured_endpoint_urls = True\n`,
    env: { AWS_ENDPOINT_URL: "http://variable.test" },
    asks: S3,
  },
  {
    title: "ignore_configured_endpoint_urls, with a services section that is not there",
    config: `${R}services = z\nignore_configured_endpoint_urls = true\n`,
    asks: S3,
  },
  {
    title: "ignore_configured_endpoint_urls = yes, which is not true",
    config: `${R}${GLOBAL}ignore_configured_endpoint_urls = yes\n`,
    asks: ofGlobal,
  },
  {
    title: "ignore_configured_endpoint_urls behind its variable",
    config: `${R}${GLOBAL}ignore_configured_endpoint_urls = true\n`,
    env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" },
    asks: ofGlobal,
  },
  {
    title: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    config: R + GLOBAL,
    env: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    asks: S3,
  },
  {
    title: "ignore_configured_endpoint_urls, with --endpoint-url all the same",
    config: `${R}ignore_configured_endpoint_urls = true\n`,
    options: ["--endpoint-url", "http://option.test"],
    asks: "http option.test/bucket eu-west-1",
  },
];

const hosts: readonly SettingCase[] = [
  {
    title: "use_fips_endpoint",
    config: `${R}use_fips_endpoint = true\n`,
    asks: "https bucket.s3-fips.eu-west-1.amazonaws.com",
  },
  {
    title: "use_fips_endpoint behind its variable",
    config: `${R}use_fips_endpoint = true\n`,
    env: { AWS_USE_FIPS_ENDPOINT: "false" },
    asks: S3,
  },
  {
    title: "use_fips_endpoint at an endpoint of one's own",
    config: `${R}${GLOBAL}use_fips_endpoint = true\n`,
    asks: ofGlobal,
  },
  {
    title: "use_dualstack_endpoint",
    config: `${R}use_dualstack_endpoint = true\n`,
    asks: "https bucket.s3.dualstack.eu-west-1.amazonaws.com",
  },
  {
    title: "use_dualstack_endpoint behind its variable",
    config: `${R}use_dualstack_endpoint = true\n`,
    env: { AWS_USE_DUALSTACK_ENDPOINT: "false" },
    asks: S3,
  },
  {
    title: "use_dualstack_endpoint below s3 =, before that variable",
    config: `${R}s3 =\n  use_dualstack_endpoint = true\n`,
    env: { AWS_USE_DUALSTACK_ENDPOINT: "false" },
    asks: "https bucket.s3.dualstack.eu-west-1.amazonaws.com",
  },
  {
    title: "use_dualstack_endpoint = false below s3 =, with that variable",
    config: `${R}s3 =\n  use_dualstack_endpoint = false\n`,
    env: { AWS_USE_DUALSTACK_ENDPOINT: "true" },
    asks: "https bucket.s3.dualstack.eu-west-1.amazonaws.com",
  },
  {
    title: "both",
    config: `${R}use_dualstack_endpoint = true\nuse_fips_endpoint = true\n`,
    asks: "https bucket.s3-fips.dualstack.eu-west-1.amazonaws.com",
  },
  {
    title: "use_dualstack_endpoint in China",
    config: "region = cn-north-1\nuse_dualstack_endpoint = true\n",
    asks: "https bucket.s3.dualstack.cn-north-1.amazonaws.com.cn",
  },
  {
    title: "use_fips_endpoint in China",
    config: "region = cn-north-1\nuse_fips_endpoint = true\n",
    refused: [
      252,
      /S3 has no FIPS endpoint in the partition of cn-north-1/,
      /Partition does not support FIPS/,
    ],
  },
  {
    title: "both in China",
    config: "region = cn-north-1\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\n",
    refused: [
      252,
      /S3 has no FIPS endpoint in the partition of cn-north-1/,
      /Partition does not support FIPS/,
    ],
  },
  {
    title: "region of a FIPS endpoint in China",
    config: "region = fips-cn-northwest-1\n",
    refused: [252, /S3 has no FIPS endpoint in the partition of cn-/, /Partition does not support FIPS/],
  },
  {
    title: "use_fips_endpoint in China at an endpoint of one's own",
    config: `region = cn-north-1\nuse_fips_endpoint = true\n${GLOBAL}`,
    asks: "http global.test/bucket cn-north-1",
  },
  {
    title: "both in GovCloud",
    config: "region = us-gov-west-1\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\n",
    asks: "https bucket.s3-fips.dualstack.us-gov-west-1.amazonaws.com",
  },
  {
    title: "addressing_style = path",
    config: `${R}s3 =\n  addressing_style = path\n`,
    asks: "https s3.eu-west-1.amazonaws.com",
  },
  {
    title: "addressing_style = virtual",
    config: `${R}${GLOBAL}s3 =\n  addressing_style = virtual\n`,
    asks: "http bucket.global.test eu-west-1",
  },
  {
    title: "addressing_style in another case, which nobody reads",
    config: `${R}s3 =\n  Addressing_Style = path\n`,
    asks: S3,
  },
  {
    title: "addressing_style with a comment behind it",
    config: `${R}s3 =\n  addressing_style = path # x\n`,
    refused: [
      252,
      /addressing_style 'path # x' in ~\/\.aws\/config, profile default/,
      /S3 addressing style path # x is invalid/,
    ],
  },
  {
    title: "s3 with a value of its own",
    config: `${R}s3 = addressing_style=path\n`,
    refused: [252, /s3 'addressing_style=path' in ~\/\.aws\/config, profile default/, /no attribute/],
  },
  {
    title: "request_checksum_calculation with another word",
    config: `${R}request_checksum_calculation = never\n`,
    refused: [
      252,
      /request_checksum_calculation 'never' in ~\/\.aws\/config, profile default is not valid\n.*when_supported, when_required/,
      /Unsupported configuration value for request_checksum_calculation/,
    ],
  },
  {
    title: "AWS_RESPONSE_CHECKSUM_VALIDATION with another word",
    config: R,
    env: { AWS_RESPONSE_CHECKSUM_VALIDATION: "never" },
    refused: [
      252,
      /response_checksum_validation 'never' in AWS_RESPONSE_CHECKSUM_VALIDATION/,
      /Unsupported configuration value for response_checksum_validation/,
    ],
  },
];

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "s" };

/** With keys in the environment, which make neither file needless. */
const files: readonly SettingCase[] = [
  {
    title: "a line that means nothing",
    config: `${R}nothing\n`,
    env: KEYS,
    refused: [253, /cannot parse ~\/\.aws\/config, line 3: /, /Unable to parse config file: .*config/],
  },
  {
    title: "a section twice",
    config: `${R}[default]\n`,
    env: KEYS,
    refused: [253, /cannot parse ~\/\.aws\/config, line 3: /, /Unable to parse config file/],
  },
  {
    title: "a setting twice in the credentials file",
    config: R,
    credentials: "a = 1\nA = 2\n",
    env: KEYS,
    refused: [
      253,
      /cannot parse ~\/\.aws\/credentials, line 5: /,
      /Unable to parse config file: .*credentials/,
    ],
  },
  {
    title: "a byte order mark",
    config: `\ufeff[default]\n${R}`,
    env: KEYS,
    refused: [253, /cannot parse ~\/\.aws\/config, line 1: /, /Unable to parse config file/],
  },
  {
    title: "a nested line without =",
    config: `${R}s3 =\n  addressing_style path\n`,
    env: KEYS,
    refused: [253, /cannot parse ~\/\.aws\/config, line 4: /, /Unable to parse config file/],
  },
  {
    title: "a broken file, without any key",
    config: `${R}nothing\n`,
    options: ["--no-sign-request"],
    refused: [253, /cannot parse ~\/\.aws\/config, line 3: /, /Unable to parse config file/],
  },
  {
    title: "a broken file that a variable sets aside",
    config: `${R}nothing\n`,
    env: { AWS_CONFIG_FILE: "/dev/null", AWS_REGION: "eu-west-1" },
    asks: S3,
  },
  {
    title: "AWS_CONFIG_FILE with ~ and a variable",
    config: "nothing\n",
    env: { AWS_CONFIG_FILE: "~/.aws/$OTHER", OTHER: "other" },
    asks: "https bucket.s3.ca-central-1.amazonaws.com",
  },
  {
    title: "an AWS_CONFIG_FILE that is not there",
    config: R,
    env: { AWS_CONFIG_FILE: "~/.aws/none", AWS_REGION: "us-west-1" },
    asks: "https bucket.s3.us-west-1.amazonaws.com",
  },
  {
    title: "an AWS_CONFIG_FILE that is a directory",
    config: R,
    env: { AWS_CONFIG_FILE: "~/.aws", AWS_REGION: "us-west-1" },
    asks: "https bucket.s3.us-west-1.amazonaws.com",
  },
  {
    title: "a named profile that is not there, unsigned",
    config: R,
    options: ["--profile", "none", "--no-sign-request"],
    refused: [253, /there is no profile none \(--profile\)/, /profile \(none\) could not be found/],
  },
];

const OWN = "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n";

const ofOwnFile: readonly SettingCase[] = [
  { title: "region of --credentials-file", config: "region = us-west-1\n", file: OWN + R, asks: S3 },
  {
    title: "region of --credentials-file, of --profile there",
    config: "region = us-west-1\n",
    file: `${OWN}${OWN.replace("default", "x")}${R}`,
    options: ["--profile", "x"],
    asks: S3,
  },
  {
    title: "region of --credentials-file, behind AWS_REGION",
    config: "",
    file: `${OWN}region = us-west-1\n`,
    env: { AWS_REGION: "eu-west-1" },
    asks: S3,
  },
  {
    title: "endpoint_url of --credentials-file, never of the home folder",
    config: "endpoint_url = http://home.test\n",
    file: OWN + R + GLOBAL,
    asks: ofGlobal,
  },
  {
    title: "a --credentials-file with nothing but keys, which takes nothing of the home folder",
    config: `endpoint_url = http://home.test\ns3 =\n  addressing_style = path\n`,
    file: OWN,
    env: { AWS_REGION: "eu-west-1" },
    asks: S3,
  },
  {
    title: "addressing_style of --credentials-file",
    config: "",
    file: `${OWN}${R}s3 =\n  addressing_style = path\n`,
    asks: "https s3.eu-west-1.amazonaws.com",
  },
  {
    title: "use_fips_endpoint and use_dualstack_endpoint of --credentials-file",
    config: "",
    file: `${OWN}${R}use_fips_endpoint = true\nuse_dualstack_endpoint = true\n`,
    asks: "https bucket.s3-fips.dualstack.eu-west-1.amazonaws.com",
  },
  {
    title: "a services section that --credentials-file does not have",
    config: "",
    file: `${OWN}${R}services = z\n`,
    refused: [253, /says services = z/, /"z" services configuration does not exist/],
  },
  {
    title: "a broken --credentials-file, unsigned",
    config: R,
    file: `${OWN}nothing\n`,
    options: ["--no-sign-request"],
    refused: [253, /cannot parse \S+\/file, line 4: /, /Unable to parse config file/],
  },
  {
    title: "a profile that --credentials-file does not have, unsigned",
    config: `${R}[profile z]\n${R}`,
    file: OWN,
    options: ["--no-sign-request", "--profile", "z"],
    refused: [253, /the credentials file \S+\/file has no profile z/, /profile \(z\) could not be found/],
  },
  {
    title: "region of --credentials-file, unsigned",
    config: "region = us-west-1\n",
    file: OWN + R,
    options: ["--no-sign-request"],
    asks: S3,
  },
  {
    title: "a home folder with a broken file, which --credentials-file makes needless",
    config: "nothing\n",
    file: OWN + R,
    asks: S3,
  },
];

const STS = "https sts.eu-west-1.amazonaws.com";

const sts: readonly SettingCase[] = [
  { title: "region", config: R, asks: STS },
  { title: "no region", config: "", asks: "https sts.amazonaws.com" },
  {
    title: "region, behind --region",
    config: R,
    options: ["--region", "us-west-2"],
    asks: "https sts.us-west-2.amazonaws.com",
  },
  { title: "endpoint_url", config: R + GLOBAL, asks: "http global.test eu-west-1" },
  { title: "region of --credentials-file", config: "region = us-west-1\n", file: OWN + R, asks: STS },
  {
    title: "endpoint_url of --credentials-file",
    config: "endpoint_url = http://home.test\n",
    file: OWN + R + GLOBAL,
    asks: "http global.test eu-west-1",
  },
  {
    title: "the services section before endpoint_url",
    config: `${R}${GLOBAL}services = s\n[services s]\nsts =\n  endpoint_url = http://service.test\n`,
    asks: "http service.test eu-west-1",
  },
  {
    title: "a services section of S3 alone",
    config: R + GLOBAL + SERVICES,
    asks: "http global.test eu-west-1",
  },
  {
    title: "AWS_ENDPOINT_URL_STS",
    config: R + GLOBAL,
    env: { AWS_ENDPOINT_URL: "http://variable.test", AWS_ENDPOINT_URL_STS: "http://sts.test" },
    asks: "http sts.test eu-west-1",
  },
  {
    title: "ignore_configured_endpoint_urls",
    config: `${R}${GLOBAL}ignore_configured_endpoint_urls = true\n`,
    asks: STS,
  },
  {
    title: "region of a FIPS endpoint",
    config: "region = fips-us-west-2\n",
    asks: "https sts-fips.us-west-2.amazonaws.com",
  },
  {
    title: "use_fips_endpoint",
    config: `${R}use_fips_endpoint = true\n`,
    asks: "https sts-fips.eu-west-1.amazonaws.com",
  },
  {
    title: "use_dualstack_endpoint",
    config: `${R}use_dualstack_endpoint = true\n`,
    asks: "https sts.eu-west-1.api.aws",
  },
  {
    title: "use_fips_endpoint in China",
    config: "region = cn-north-1\nuse_fips_endpoint = true\n",
    asks: "https sts-fips.cn-north-1.amazonaws.com.cn",
  },
  {
    title: "use_fips_endpoint and use_dualstack_endpoint in China",
    config: "region = cn-north-1\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\n",
    asks: "https sts-fips.cn-north-1.api.amazonwebservices.com.cn",
  },
  {
    title: "both in GovCloud",
    config: "region = us-gov-west-1\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\n",
    asks: "https sts-fips.us-gov-west-1.api.aws",
  },
  {
    title: "use_dualstack_endpoint below s3 =, which is of S3 alone",
    config: `${R}s3 =\n  use_dualstack_endpoint = true\n`,
    asks: STS,
  },
].map((each) => ({ ...each, of: "sts", title: `for STS: ${each.title}` }));

export const SETTING_CASES: readonly SettingCase[] = [
  ...region,
  ...endpoint,
  ...hosts,
  ...files,
  ...ofOwnFile,
  ...sts,
];

/** The files of a home for a case, by name, in `.aws`. */
export function homeFiles({ config, credentials = "", file = "" }: SettingCase): Record<string, string> {
  const keys = (name: string) => `aws_access_key_id = ${name}\naws_secret_access_key = s\n`;
  return {
    config: /^\ufeff?\[/.test(config) ? config : `[default]\n${config}`,
    credentials: `[default]\n${keys("AKIADEFAULTEXAMPLE0")}${credentials}[x]\n${keys("AKIAOTHEREXAMPLE000")}`,
    file,
    other: "[default]\nregion = ca-central-1\n",
  };
}
