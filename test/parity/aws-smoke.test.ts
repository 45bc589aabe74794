import { execFile } from "node:child_process";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILT_FILE } from "../support/built-file.js";
import { type ParityServer, startParityServer } from "./bed/server.js";

let server: ParityServer;

beforeAll(async () => {
  server = await startParityServer();
  await server.client.send(new CreateBucketCommand({ Bucket: "smoke" }));
});
afterAll(() => server?.close());

/** The script that owners of an AWS account run, rehearsed without what only AWS knows. */
it("scripts/aws-smoke.sh smoke", async () => {
  const env = {
    PATH: `/usr/bin:${process.env.PATH}`,
    HOME: "/nonexistent",
    AWS_ACCESS_KEY_ID: server.accessKey,
    AWS_SECRET_ACCESS_KEY: server.secretKey,
    AWS_DEFAULT_REGION: "us-east-1",
    SMOKE_ENDPOINT_URL: server.url,
    FETCH_CREDS: BUILT_FILE,
  };
  const output = await new Promise<string>((resolve) => {
    execFile("sh", ["scripts/aws-smoke.sh", "smoke"], { env, timeout: 120_000 }, (_, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
  expect(output).toMatch(/^0 failures$/m);
  expect(output).not.toContain("FAIL");
});
