import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { command } from "../support/docker/command.js";
import { CODEBUILD, description, engine, expectBuilt, MOUNT, SECRET } from "./suite.js";

/** The files below the engine's folder that hold a text. */
async function filesWith(text: string): Promise<string[]> {
  const folder = description.engine.replace("unix://", "").replace(/\/[^/]*$/, "/data");
  const found = await command("grep", ["-rlF", "--devices=skip", "--", text, folder]);
  expect(found.code, found.output).toBeLessThan(2);
  return found.stdout.split("\n").filter((line) => line !== "");
}

it("no key and no token stands anywhere in the engine's own storage, whatever was built", async () => {
  const known = randomUUID();
  using context = buildContext({
    Dockerfile: `FROM node:22-slim
COPY fetch-creds.js known /
RUN ${MOUNT} eval "$(node /fetch-creds.js export)" && test -n "$AWS_SESSION_TOKEN"
RUN ${MOUNT} node /fetch-creds.js exec -- sh -c 'test -n "$AWS_SESSION_TOKEN"'
RUN ${MOUNT} node /fetch-creds.js cp s3://my-bucket/app/settings.json /tmp/
`,
    known,
  });
  expectBuilt(
    await engine.build({ context: context.path, secrets: [SECRET], env: CODEBUILD, tag: "storage" }),
  );
  expect(await filesWith(known)).not.toEqual([]);
  expect(await filesWith(description.roleKeys.secretAccessKey)).toEqual([]);
  expect(await filesWith(description.roleKeys.sessionToken)).toEqual([]);
});
