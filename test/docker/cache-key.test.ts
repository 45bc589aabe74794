import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { buildContext } from "../support/docker/build-context.js";
import { filesInImage } from "../support/docker/image-contents.js";
import { BUCKET, ownerClient } from "../support/docker/objects.js";
import { runBuilt } from "../support/run-built.js";
import { CODEBUILD, description, engine, expectBuilt, SECRET } from "./suite.js";

const KEY = "app/assets/zz-changes.txt";

/** Cached is what BuildKit says of the step that fetches. */
function fetchingWasCached(log: string): boolean {
  const step = /^#(\d+) \[assets \d\/\d\] RUN/m.exec(log)?.[1];
  return new RegExp(`^#${step} CACHED$`, "m").test(log);
}

async function cacheKey(): Promise<string> {
  const env = { ...CODEBUILD, AWS_ENDPOINT_URL_S3: description.s3 };
  const run = await runBuilt(["cache-key", "s3://my-bucket/app/assets/"], { env });
  expect(run.code, run.stderr).toBe(0);
  return run.stdout.trim();
}

it("cache-key keeps the layer while the objects are the same, and rebuilds it when one changes", async () => {
  const owner = ownerClient(description);
  const put = (Body: string) => owner.send(new PutObjectCommand({ Bucket: BUCKET, Key: KEY, Body }));
  using context = buildContext({}, "docs/recipes/cache-key");
  const build = async () => {
    const buildArgs = [`ASSETS=${await cacheKey()}`];
    const request = { context: context.path, buildArgs, secrets: [SECRET], env: CODEBUILD };
    const built = await engine.build({ ...request, tag: "cache-key" });
    expectBuilt(built);
    const files = await filesInImage(engine, "cache-key", "/srv/assets");
    return { cached: fetchingWasCached(built.output), text: files["zz-changes.txt"]?.toString() };
  };
  try {
    await put("one");
    expect(await build()).toEqual({ cached: false, text: "one" });
    expect(await build()).toEqual({ cached: true, text: "one" });
    await put("two");
    expect(await build()).toEqual({ cached: false, text: "two" });
    expect(await build()).toEqual({ cached: true, text: "two" });
    await put("one");
    expect((await build()).text).toBe("one");
  } finally {
    await owner.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: KEY }));
    owner.destroy();
  }
});
