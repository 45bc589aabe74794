import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { fileInImage, tracesInImage } from "../support/docker/image-contents.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import {
  CODEBUILD,
  description,
  engine,
  expectBuilt,
  expectFailed,
  expectNoSecret,
  readYaml,
  SECRET,
  SECRETS,
  shell,
} from "./suite.js";

const RECIPES = "docs/recipes";
const REPORT = "not for this role\n";
const { partner } = description;

/** Those of the role that is assumed as well, and the token. */
const ALL_SECRETS = {
  ...SECRETS,
  "the other role's access key": partner.keys.accessKeyId,
  "the other role's secret key": partner.keys.secretAccessKey,
  "the other role's session token": partner.keys.sessionToken,
  "the web identity's token": partner.token,
};

function expectNone(output: string): void {
  expectNoSecret(output);
  for (const [name, secret] of Object.entries(ALL_SECRETS)) expect(output.includes(secret), name).toBe(false);
}

async function expectReport(tag: string): Promise<void> {
  expect((await fileInImage(engine, tag, "/app/report.txt")).toString()).toBe(REPORT);
  expect(await tracesInImage(engine, tag, ALL_SECRETS)).toEqual([]);
}

/** A build with the address as a secret, of this RUN. */
async function build(run: string, secrets: readonly string[] = [SECRET]) {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN --mount=type=secret,id=AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ${run}\n`,
  });
  const more = ["--no-cache", "--progress", "plain"];
  return await engine.build({ context: context.path, secrets, env: CODEBUILD, tag: "roles", more });
}

describe("docs/recipes/cross-account", () => {
  it("builds with the keys of the other account's role, and nothing of either role stays", async () => {
    using context = buildContext({}, join(RECIPES, "cross-account"));
    const tag = "recipe:cross-account";
    const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD, tag });
    expectBuilt(built);
    expectNone(built.output);
    await expectReport(tag);
  });

  it("its buildspec's commands do the build", async () => {
    const spec = (await readYaml(join(RECIPES, "cross-account/buildspec.yml"))) as {
      readonly env: { readonly variables: Readonly<Record<string, string>> };
      readonly phases: { readonly build: { readonly commands: readonly string[] } };
    };
    using context = buildContext({}, join(RECIPES, "cross-account"));
    const run = await shell(spec.phases.build.commands.join("\n"), context.path, {
      ...CODEBUILD,
      ...spec.env.variables,
    });
    expect(run.code, run.output).toBe(0);
    await expectReport("myapp:latest");
  });

  it("the build's own role may not read that bucket", async () => {
    const built = await build("node /fetch-creds.js cp s3://someone-elses-bucket/report.txt /");
    expectFailed(built, /AccessDenied/, 1);
  });

  it("verify says whose keys they were", async () => {
    const built = await build(`node /fetch-creds.js verify --role-arn ${partner.arn}`);
    expectBuilt(built);
    expect(built.output).toContain("arn:aws:sts::210987654321:assumed-role/artifacts-reader/fetch-creds");
    expectNone(built.output);
  });

  it("a profile of a file that is a secret names the role, and both its keys' owners are said", async () => {
    using outside = temporaryFolder();
    const profile = `[profile partner]\nrole_arn = ${partner.arn}\ncredential_source = EcsContainer\n`;
    writeFileSync(outside.at("config"), profile, { mode: 0o600 });
    const run = [
      "--mount=type=secret,id=aws-config",
      "AWS_CONFIG_FILE=/run/secrets/aws-config AWS_PROFILE=partner sh -c",
      "'node /fetch-creds.js verify --profile partner",
      "&& node /fetch-creds.js cp s3://someone-elses-bucket/report.txt /app/'",
    ];
    const built = await build(run.join(" "), [SECRET, `id=aws-config,src=${outside.at("config")}`]);
    expectBuilt(built);
    expect(built.output).toContain("arn:aws:sts::210987654321:assumed-role/artifacts-reader/fetch-creds");
    expect(built.output).toMatch(/Keys of +AWS_CONTAINER_CREDENTIALS_RELATIVE_URI/);
    expect((await fileInImage(engine, "roles", "/app/report.txt")).toString()).toBe(REPORT);
    expectNone(built.output);
    expect(await tracesInImage(engine, "roles", ALL_SECRETS)).toEqual([]);
  });

  it("a role that does not trust the build ends it with the line that is missing", async () => {
    const built = await build("node /fetch-creds.js verify --role-arn arn:aws:iam::210987654321:role/other");
    expectFailed(built, /may not assume arn:aws:iam::210987654321:role\/other \(--role-arn\)/, 254);
    expect(built.output).toContain("the trust policy of arn:aws:iam::210987654321:role/other needs: ");
    expectNone(built.output);
  });
});

describe("docs/recipes/irsa", () => {
  it("build.sh builds with the keys that STS gives for the token, and nothing of it stays", async () => {
    using context = buildContext({}, join(RECIPES, "irsa"));
    using outside = temporaryFolder();
    writeFileSync(outside.at("token"), partner.token, { mode: 0o600 });
    const run = await shell("sh build.sh", context.path, {
      AWS_REGION: "us-east-1",
      AWS_ROLE_ARN: partner.arn,
      AWS_WEB_IDENTITY_TOKEN_FILE: outside.at("token"),
    });
    expect(run.code, run.output).toBe(0);
    expectNone(run.output);
    await expectReport("myapp:latest");
  });

  it("the workflow's last step asks GitHub for the token, builds with it, and removes it", async () => {
    const workflow = (await readYaml(join(RECIPES, "irsa/workflow.yml"))) as {
      readonly permissions: Readonly<Record<string, string>>;
      readonly jobs: {
        readonly image: {
          readonly env: Readonly<Record<string, string>>;
          readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
        };
      };
    };
    expect(workflow.permissions).toEqual({ "id-token": "write", contents: "read" });
    const { env, steps } = workflow.jobs.image;
    expect(steps.map(({ uses }) => uses?.split("@")[0] ?? "run")).toEqual(["actions/checkout", "run"]);
    // In the place of GitHub's endpoint, as its documentation has it.
    const asked: string[] = [];
    const github = createServer(({ url, headers }, response) => {
      asked.push(url ?? "");
      const isKnown = headers.authorization === "Bearer request-token";
      response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ count: 1, value: partner.token }));
    });
    await new Promise<void>((resolve) => github.listen(0, "127.0.0.1", resolve));
    using context = buildContext({}, join(RECIPES, "irsa"));
    using runnerTemp = temporaryFolder();
    const run = await shell(steps[1]!.run!, context.path, {
      ...env,
      RUNNER_TEMP: runnerTemp.path,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}/token?api-version=2.0`,
    });
    await new Promise((resolve) => github.close(resolve));
    expect(run.code, run.output).toBe(0);
    expectNone(run.output);
    expect(asked).toEqual(["/token?api-version=2.0&audience=sts.amazonaws.com"]);
    expect(readdirSync(runnerTemp.path)).toEqual([]);
    await expectReport("myapp:latest");
  });
});
