import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { OBJECTS } from "../support/docker/objects.js";
import * as suite from "./suite.js";

const { BUILD_ARGUMENT: NAME, CODEBUILD, engine, expectBuilt, expectFailed, expectNoSecret, SECRETS } = suite;

const CP = "node /fetch-creds.js cp s3://my-bucket/app/settings.json /settings/settings.json";

/** `docker build` of a RUN with that mount, and what is given for it. */
async function build(
  mount: string,
  secrets: readonly string[],
  env: Record<string, string | undefined> = {},
) {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN --mount=type=secret,id=${NAME}${mount} ${CP}\n`,
  });
  const request = { context: context.path, secrets, env: { ...CODEBUILD, ...env }, tag: "secrets" };
  // A secret is no part of a layer's key: another one would find the step done.
  const more = ["--no-cache"];
  const built = await engine.build({ ...request, more });
  expectNoSecret(built.output);
  return built;
}

describe("a secret of the build", () => {
  it.each([
    ["a file", ""],
    ["a variable", `,env=${NAME}`],
    ["a file elsewhere and a variable", `,target=/elsewhere,env=${NAME}`],
    ["one that must be there", ",required=true"],
  ])("gets to the step as %s, by its name alone", async (_, mount) => {
    expectBuilt(await build(mount, [`id=${NAME}`]));
    expect(await fileInImage(engine, "secrets", "/settings/settings.json")).toEqual(
      OBJECTS["app/settings.json"],
    );
    expect(await tracesInImage(engine, "secrets", SECRETS)).toEqual([]);
  });

  it("that was forgotten ends the build before the step, where it is required", async () => {
    const built = await build(",required=true", []);
    expect(built.code).not.toBe(0);
    expect(built.output).toContain(`secret ${NAME}: not found`);
    expect(built.output).not.toContain("fetch-creds:");
  });

  it.each([
    ["a file", "", /is mounted, but empty: the variable was not set where docker build ran/],
    [
      "a required file",
      ",required=true",
      /is mounted, but empty: the variable was not set where docker build ran/,
    ],
    ["a variable", `,env=${NAME}`, new RegExp(`${NAME} set, but empty`)],
  ])(
    "from a variable that is not set where the build runs: %s is empty, and our line says so",
    async (_, mount, line) => {
      const built = await build(mount, [`id=${NAME},env=${NAME}`], { [NAME]: undefined });
      expectFailed(built, /no credential source found/, 253);
      expect(built.output).toMatch(line);
    },
  );

  it("that names a variable which is not set, alone: Docker takes it for a file's name", async () => {
    const built = await build("", [`id=${NAME}`], { [NAME]: undefined });
    expect(built.code).not.toBe(0);
    expect(built.output).toMatch(new RegExp(`failed to stat ${NAME}: .*no such file or directory`));
  });
});
