import { createHash } from "node:crypto";
import { keyLines, keyVariables, processDocument } from "../bed/named-keys.js";
import type { SetUp, SetUpGroup } from "../set-up.js";
import { BASE_KEYS, CONTAINER, roleArn, TOKEN_FILE, WEB_IDENTITY } from "./pieces.js";

/** What a source of credentials is made of: variables, lines of the profile in the two files, other files. */
interface Source {
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly credentials?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const START_URL = "https://example.awsapps.com/start";
/** What `aws sso login` leaves. */
const SSO_TOKEN = JSON.stringify({
  startUrl: START_URL,
  region: "us-east-1",
  accessToken: "sso-token",
  expiresAt: "2099-01-01T00:00:00Z",
});
const SSO_CACHE = `.aws/sso/cache/${createHash("sha1").update(START_URL).digest("hex")}.json`;

/** In the order of the AWS CLI. */
export const SOURCES = {
  "key variables": { env: keyVariables("environment") },
  "a role": { config: `role_arn = ${roleArn("assumed")}\nsource_profile = base\n` },
  "web identity variables": { env: WEB_IDENTITY, files: TOKEN_FILE },
  "web identity in the profile": {
    config: `role_arn = ${roleArn("profileweb")}\nweb_identity_token_file = <HOME>/token\n`,
    files: TOKEN_FILE,
  },
  sso: {
    config: `sso_start_url = ${START_URL}\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = portal\n`,
    files: { [SSO_CACHE]: SSO_TOKEN },
  },
  "keys in credentials": { credentials: keyLines("shared") },
  login: { config: `login_session = arn:aws:iam::123456789012:user/me\n` },
  credential_process: {
    config: "credential_process = cat <HOME>/process.json\n",
    files: { "process.json": processDocument("process") },
  },
  "keys in config": { config: keyLines("config") },
  "the container": { env: CONTAINER },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof SOURCES;
const NAMES = Object.keys(SOURCES) as SourceName[];

/** How the profile in force comes to be it. */
const NAMINGS = {
  "default, unnamed": { profile: "default" },
  AWS_PROFILE: { profile: "deploy", env: { AWS_PROFILE: "deploy" } },
  "--profile": { profile: "deploy", args: ["--profile", "deploy"] },
} as const;
export type Naming = keyof typeof NAMINGS;

function combination(names: readonly SourceName[], naming: Naming): SetUp {
  const { profile, ...how } = NAMINGS[naming] as {
    profile: string;
    env?: Record<string, string>;
    args?: readonly string[];
  };
  const sources: readonly Source[] = names.map((name) => SOURCES[name]);
  const joined = (part: "config" | "credentials") => sources.map((source) => source[part] ?? "").join("");
  const heading = profile === "default" ? "[default]" : `[profile ${profile}]`;
  return {
    title: `${names.join(" and ")} (${naming})`,
    ...how,
    env: Object.assign({}, ...sources.map(({ env }) => env), "env" in how ? how.env : {}),
    config: `${heading}\nregion = eu-west-1\n${joined("config")}`,
    credentials: `${BASE_KEYS}[${profile}]\n${joined("credentials")}`,
    files: Object.assign({}, ...sources.map(({ files }) => files)),
  };
}

/** Two ways to say `role_arn` in one profile are a name twice. */
function together(one: SourceName, other: SourceName): boolean {
  return !(one === "a role" && other === "web identity in the profile");
}

function pairs(naming: Naming, wanted: (first: number, second: number) => boolean): SetUp[] {
  return NAMES.flatMap((one, first) =>
    NAMES.slice(first + 1).flatMap((other, index) =>
      together(one, other) && wanted(first, first + 1 + index) ? [combination([one, other], naming)] : [],
    ),
  );
}

const isAdjacent = (first: number, second: number) =>
  second === first + 1 || NAMES[first] === "key variables" || NAMES[first] === "web identity variables";

export const order: SetUpGroup = {
  title: "order",
  setUps: [
    ...NAMES.flatMap((name) =>
      (Object.keys(NAMINGS) as Naming[]).map((naming) => combination([name], naming)),
    ),
    ...pairs("default, unnamed", () => true),
    ...pairs("AWS_PROFILE", isAdjacent),
    ...pairs("--profile", isAdjacent),
  ],
};
