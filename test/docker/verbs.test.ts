import { expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import {
  CODEBUILD,
  description,
  engine,
  expectBuilt,
  expectFailed,
  expectNoSecret,
  MOUNT,
  SECRET,
} from "./suite.js";

it("every verb does its work in a RUN, and says it in a log's way", async () => {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim
COPY fetch-creds.js /
RUN ${MOUNT} node /fetch-creds.js verify --expect-role codebuild-my-project --expect-account 123456789012 --min-ttl 1m
RUN ${MOUNT} node /fetch-creds.js verify --expect-role arn:aws:iam::123456789012:role/service-role/codebuild-my-project
RUN ${MOUNT} node /fetch-creds.js verify --json
RUN ${MOUNT} node /fetch-creds.js ls s3://my-bucket/models/tiny/
RUN ${MOUNT} node /fetch-creds.js cp s3://my-bucket/models/tiny/weights.bin /tmp/ \\
 && node /fetch-creds.js cp /tmp/weights.bin s3://my-bucket/uploads/weights.bin \\
 && node /fetch-creds.js cp s3://my-bucket/uploads/weights.bin - | cmp - /tmp/weights.bin
RUN ${MOUNT} node /fetch-creds.js sync s3://my-bucket/app /tmp/app && node /fetch-creds.js sync s3://my-bucket/app /tmp/app
RUN ${MOUNT} node /fetch-creds.js cache-key s3://my-bucket/models/
RUN ${MOUNT} node /fetch-creds.js doctor s3://my-bucket/app/settings.json
`,
  });
  const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD });
  expectBuilt(built);
  expectNoSecret(built.output);
  const said = [
    / Role {8}arn:aws:\w+::123456789012:\S*codebuild-my-project/m,
    / "hasSessionToken": true,$/m,
    /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d+ weights\.bin$/m,
    /download: s3:\/\/my-bucket\/models\/tiny\/weights\.bin to \S+$/m,
    /upload: \S+ to s3:\/\/my-bucket\/uploads\/weights\.bin$/m,
    /download: s3:\/\/my-bucket\/app\/settings\.json to \S+$/m,
    /^\S+ \S+ [0-9a-f]{64}$/m,
    / ok {4}read: s3:\/\/my-bucket\/app\/settings\.json, \d+ bytes$/m,
  ];
  for (const line of said) expect(built.output).toMatch(line);
  // The second sync had nothing to do.
  expect(built.output.match(/download: s3:\/\/my-bucket\/app\/settings\.json/g)).toHaveLength(1);
  // A log is no terminal: nothing redraws a line, nothing is coloured.
  expect(built.output).not.toContain("\r");
  expect(built.output).not.toContain("\u001b[");
});

it("CodeBuild's endpoint names no role: verify says so, and STS tells it", async () => {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN ${MOUNT} node /fetch-creds.js && node /fetch-creds.js verify --sts\n`,
  });
  const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD });
  expectBuilt(built);
  expect(built.output).toContain("the endpoint does not name it (verify --sts asks)");
  expect(built.output).toContain("arn:aws:sts::123456789012:assumed-role/codebuild-my-project/AWSCodeBuild-");
  expect(built.output).not.toContain("AQICAH");
});

it("ECS' endpoint names the role, and no STS is needed", async () => {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim
COPY fetch-creds.js /
ENV AWS_ENDPOINT_URL_STS=http://127.0.0.1:1
RUN ${MOUNT} node /fetch-creds.js verify --expect-role 'service-role/codebuild-*' --expect-account 123456789012
`,
  });
  const env = { ...CODEBUILD, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: description.ecsUri };
  const built = await engine.build({ context: context.path, secrets: [SECRET], env });
  expectBuilt(built);
  expect(built.output).toMatch(
    / Role {8}arn:aws:iam::123456789012:role\/service-role\/codebuild-my-project$/m,
  );
});

it.each([
  ["--expect-role other-role", /other-role/],
  ["--expect-account 999999999999", /999999999999/],
  ["--min-ttl 10h", /600 min|10 ?h/],
])("verify %s fails the build and says what it found", async (option, line) => {
  using context = buildContext({
    Dockerfile: `FROM node:22-slim\nCOPY fetch-creds.js /\nRUN ${MOUNT} node /fetch-creds.js verify ${option}\n`,
  });
  const built = await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD });
  expectFailed(built, line, 1);
});
