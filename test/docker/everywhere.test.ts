import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS } from "../support/docker/objects.js";
import { description, engine, expectBuilt, expectNoSecret, MOUNT, SECRETS } from "./suite.js";

const KEYS = description.roleKeys;
const PAIRS = {
  aws_access_key_id: KEYS.accessKeyId,
  aws_secret_access_key: KEYS.secretAccessKey,
  aws_session_token: KEYS.sessionToken,
};
const ini = (section: string) =>
  `[${section}]\n${Object.entries(PAIRS)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("")}`;

/** What a laptop or another CI has instead of the container endpoint. */
const FILES = [
  {
    name: "the JSON of `aws configure export-credentials`",
    text: JSON.stringify({
      Version: 1,
      AccessKeyId: KEYS.accessKeyId,
      SecretAccessKey: KEYS.secretAccessKey,
      SessionToken: KEYS.sessionToken,
      Expiration: KEYS.expiration,
    }),
    options: "",
  },
  {
    name: "the lines of `aws configure export-credentials --format env-no-export`",
    text: Object.entries(PAIRS)
      .map(([name, value]) => `${name.toUpperCase()}=${value}\n`)
      .join(""),
    options: "",
  },
  { name: "an INI file with a profile", text: ini("release"), options: "--profile release" },
];

const CP = "cp s3://my-bucket/app/settings.json /settings/settings.json";

describe("where there is no container endpoint", () => {
  it.each(FILES)("the secret aws-credentials takes its place: $name", async ({ text, options }) => {
    using context = buildContext({
      Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN ${MOUNT} --mount=type=secret,id=aws-credentials node /fetch-creds.js ${CP} ${options}\n`,
    });
    using secret = buildContext({ "aws-credentials": text });
    const secrets = [`id=aws-credentials,src=${secret.at("aws-credentials")}`];
    const built = await engine.build({ context: context.path, secrets, tag: "everywhere" });
    expectBuilt(built);
    expectNoSecret(built.output);
    expect(await fileInImage(engine, "everywhere", "/settings/settings.json")).toEqual(
      OBJECTS["app/settings.json"],
    );
    expect(await tracesInImage(engine, "everywhere", SECRETS)).toEqual([]);
  });

  it("Docker's documented pattern works: a secret mounted at ~/.aws/credentials", async () => {
    using context = buildContext({
      Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN --mount=type=secret,id=aws,target=/root/.aws/credentials node /fetch-creds.js ${CP}\n`,
    });
    using secret = buildContext({ credentials: ini("default") });
    const secrets = [`id=aws,src=${secret.at("credentials")}`];
    expectBuilt(await engine.build({ context: context.path, secrets, tag: "everywhere" }));
    expect(await fileInImage(engine, "everywhere", "/settings/settings.json")).toEqual(
      OBJECTS["app/settings.json"],
    );
  });

  it.each(["buildkit", "classic"] as const)(
    "--if-available lets a fork's build go on without credentials (%s)",
    async (builder) => {
      using context = buildContext({
        Dockerfile: `FROM node:22-slim
COPY fetch-creds.js /
RUN node /fetch-creds.js verify --if-available
RUN node /fetch-creds.js ${CP} --if-available && test ! -e /settings/settings.json
RUN eval "$(node /fetch-creds.js export --if-available)" && test -z "$AWS_ACCESS_KEY_ID"
RUN node /fetch-creds.js exec --if-available -- echo went-on
`,
      });
      const built = await engine.build({ context: context.path, builder });
      expectBuilt(built);
      expect(built.output).toMatch(/^(#\d+ [\d.]+ )?went-on$/m);
      const told = built.output.match(/fetch-creds: no credential source is configured, \w+ does nothing/g);
      expect(told?.map((line) => line.split(" ").at(-3))).toEqual(["verify", "cp"]);
    },
  );
});
