import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { startCodeArtifact, startWebIdentity } from "../support/docker/aws-stand-ins.js";
import { S3_ADDRESS } from "../support/docker/bed.js";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { BUCKET, OBJECTS, ownerClient } from "../support/docker/objects.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import * as suite from "./suite.js";

/** Recipes in which the host, which has the role, hands something over to a build that has none. */
const RECIPES = "docs/recipes";
const SETTINGS = OBJECTS["app/settings.json"];
const {
  BUILD_ARGUMENT: NAME,
  CODEBUILD,
  description,
  engine,
  expectNoSecret,
  readYaml,
  SECRETS,
  shell,
} = suite;
const KEYS = description.roleKeys;

/** The AWS CLI asks no instance, and finds no keys but those of the test. */
const NO_INSTANCE = { AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/nowhere", DOCKER_BUILDKIT: "1" };

/** The code blocks of a language in a recipe's page. */
function blocks(recipe: string, language: string): string[] {
  const page = readFileSync(join(RECIPES, recipe, "README.md"), "utf8");
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, found]) => found === language)
    .map(([, , text = ""]) => text);
}

/** What a build with keys leaves: the file, and nothing of them in its log. */
async function expectFetched(log: string): Promise<void> {
  expectNoSecret(log);
  expect(await fileInImage(engine, "myapp:latest", "/app/settings.json")).toEqual(SETTINGS);
}

interface Buildspec {
  readonly phases: {
    readonly build: { readonly commands: readonly string[]; readonly finally?: readonly string[] };
  };
}

it("remote-builder: the buildspec hands over keys in a file, and deletes it in the end", async () => {
  const spec = (await readYaml(join(RECIPES, "remote-builder/buildspec.yml"))) as Buildspec;
  const { commands, finally: after = [] } = spec.phases.build;
  expect(commands.join("\n")).not.toContain(NAME);
  using place = temporaryFolder();
  using context = buildContext({}, join(RECIPES, "remote-builder"));
  // The file is written beside the context.
  const cwd = place.at("context");
  const env = { ...CODEBUILD, ...NO_INSTANCE };
  const lines = (more: readonly string[]) => [`cp -r ${context.path} ${cwd}; cd ${cwd}`, ...more].join("\n");
  await engine.run(["image", "rm", "myapp:latest"]);
  const uncached = lines(commands).replace("docker build", "docker build --no-cache");
  const run = await shell(uncached, place.path, env);
  expect(run.code, run.output).toBe(0);
  expect(run.output).toMatch(/Source +.*aws-credentials/);
  await expectFetched(run.output);
  expect(await tracesInImage(engine, "myapp:latest", SECRETS)).toEqual([]);
  const keys = place.at("aws-credentials.json");
  expect(existsSync(keys)).toBe(true);
  expect(readFileSync(keys, "utf8")).toContain(KEYS.secretAccessKey);
  expect((await shell(after.join("\n"), cwd, env)).code).toBe(0);
  expect(existsSync(keys)).toBe(false);
});

it("remote-builder: without a file, as its page says", async () => {
  const [line = ""] = blocks("remote-builder", "sh").filter((block) => block.includes("env=AWS_CREDENTIALS"));
  using context = buildContext({}, join(RECIPES, "remote-builder"));
  await engine.run(["image", "rm", "myapp:latest"]);
  const run = await shell(line.replace("docker build", "docker build --no-cache"), context.path, {
    ...CODEBUILD,
    ...NO_INSTANCE,
  });
  expect(run.code, run.output).toBe(0);
  expect(run.output).toMatch(/Source +.*aws-credentials/);
  await expectFetched(run.output);
});

it("remote-builder: exec hands the keys to a RUN that wants variables", async () => {
  const [line = ""] = blocks("remote-builder", "sh").filter((block) =>
    block.includes("exec -- docker build"),
  );
  const [run = ""] = blocks("remote-builder", "dockerfile");
  using context = buildContext({ Dockerfile: `FROM node:22-slim\nWORKDIR /app\nARG AWS_REGION\n${run}` });
  await engine.run(["image", "rm", "myapp:latest"]);
  const built = await shell(line, context.path, { ...CODEBUILD, ...NO_INSTANCE });
  expect(built.code, built.output).toBe(0);
  await expectFetched(built.output);
  expect(await tracesInImage(engine, "myapp:latest", SECRETS)).toEqual([]);
});

it("gitlab-ci: the job's script turns its ID token into keys, and builds with them", async () => {
  const job = ((await readYaml(join(RECIPES, "gitlab-ci/.gitlab-ci.yml"))) as Record<string, unknown>)
    .myapp as {
    readonly variables: Readonly<Record<string, string>>;
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly after_script: readonly string[];
  };
  expect(job.before_script).toEqual(["apk add --no-cache aws-cli"]);
  const token = `id-token-${randomUUID()}`;
  await using sts = await startWebIdentity(S3_ADDRESS, token, KEYS);
  using place = temporaryFolder();
  using context = buildContext({}, join(RECIPES, "gitlab-ci"));
  const env = {
    ...job.variables,
    ...NO_INSTANCE,
    HOME: place.path,
    AWS_WEB_IDENTITY_TOKEN_FILE: place.at("gitlab-id-token"),
    AWS_ENDPOINT_URL_STS: sts.url,
    GITLAB_ID_TOKEN: token,
  };
  await engine.run(["image", "rm", "myapp:latest"]);
  const run = await shell(job.script.join("\n"), context.path, env);
  expect(run.code, run.output).toBe(0);
  expect(sts.given()).toBe(1);
  expect(run.output).not.toContain(token);
  await expectFetched(run.output);
  expect(existsSync(place.at(".aws/cli/cache"))).toBe(true);
  const after = await shell(job.after_script.join("\n"), context.path, env);
  expect(after.code, after.output).toBe(0);
  expect(existsSync(place.at("gitlab-id-token"))).toBe(false);
  expect(existsSync(place.at(".aws/cli/cache"))).toBe(false);

  const refused = await shell(job.script.join("\n"), context.path, { ...env, GITLAB_ID_TOKEN: "another's" });
  expect(refused.code, refused.output).not.toBe(0);
  expect(refused.output).not.toContain("#1 ");
});

it("codeartifact: npm installs with the token that the host asked for, and the image keeps nothing of it", async () => {
  const owner = ownerClient(description);
  const object = new GetObjectCommand({ Bucket: BUCKET, Key: "npm/my-company-greeting-1.0.0.tgz" });
  const tarball = Buffer.from(await (await owner.send(object)).Body!.transformToByteArray());
  owner.destroy();
  const token = `token-${randomUUID()}`;
  await using codeArtifact = await startCodeArtifact(S3_ADDRESS, token, KEYS.accessKeyId, tarball);
  const spec = (await readYaml(join(RECIPES, "codeartifact/buildspec.yml"))) as Buildspec;
  using context = buildContext({}, join(RECIPES, "codeartifact"));
  const host = "//my-domain-123456789012.d.codeartifact.us-east-1.amazonaws.com";
  const npmrc = readFileSync(context.at(".npmrc"), "utf8");
  const there = codeArtifact.url.replace("http:", "");
  writeFileSync(
    context.at(".npmrc"),
    npmrc.replaceAll(`https:${host}`, `http:${there}`).replaceAll(host, there),
  );
  const env = { ...CODEBUILD, ...NO_INSTANCE, AWS_ENDPOINT_URL_CODEARTIFACT: codeArtifact.url };
  await engine.run(["image", "rm", "myapp:latest"]);
  const run = await shell(spec.phases.build.commands.join("\n"), context.path, env);
  expect(run.code, run.output).toBe(0);
  // The token, the package's description, the package.
  expect(codeArtifact.given()).toBe(3);
  expect((await engine.docker("run", "--rm", "myapp:latest")).trim()).toBe("hello from a private package");
  expect(await tracesInImage(engine, "myapp:latest", { ...SECRETS, "the token": token })).toEqual([]);
  expect(run.output).not.toContain(token);
});
