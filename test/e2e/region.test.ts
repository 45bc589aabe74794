import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../support/credential-endpoint/credential-endpoint.js";
import { KeyRing } from "../support/key-ring.js";
import { runBuilt } from "../support/run-built.js";
import { type S3Server, startS3Server } from "../support/s3-server/s3-server.js";

const keys = new KeyRing();
let endpoint: CredentialEndpoint;
/** Of a role in China. */
let china: CredentialEndpoint;
let server: S3Server;
beforeAll(async () => {
  endpoint = await startCredentialEndpoint({ keys });
  china = await startCredentialEndpoint({
    keys,
    fields: { RoleArn: "arn:aws-cn:iam::123456789012:role/service-role/codebuild-app" },
  });
  server = await startS3Server({ keys });
});
afterAll(async () => {
  await Promise.all([endpoint.close(), china.close(), server.close()]);
});

describe.concurrent("the region", () => {
  it.each([
    [{ AWS_REGION: "eu-west-1" }, "eu-west-1 (AWS_REGION)", { name: "eu-west-1", from: "AWS_REGION" }],
    [
      { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-2" },
      "eu-west-2 (AWS_DEFAULT_REGION)",
      { name: "eu-west-2", from: "AWS_DEFAULT_REGION" },
    ],
    [{}, "none is set: pass it with --build-arg AWS_REGION, and ARG AWS_REGION after FROM", null],
  ])("of %j is shown by verify", async (env, words, region) => {
    const text = await runBuilt(["--uri", endpoint.uri], { env });
    expect(text.stdout).toContain(`\nRegion      ${words}\n`);
    const json = await runBuilt(["--json", "--uri", endpoint.uri], { env });
    expect(JSON.parse(json.stdout).region).toEqual(region);
  });

  it.each([
    [{ AWS_REGION: "a", AWS_DEFAULT_REGION: "b" }, "a", "b"],
    [{ AWS_DEFAULT_REGION: "b" }, "b", "b"],
    [{ AWS_REGION: "a", AWS_DEFAULT_REGION: "" }, "a", "a"],
    [{}, undefined, undefined],
  ])("export and exec keep what has a value and fill the rest: %j", async (env, region, defaultRegion) => {
    const { stdout } = await runBuilt(["export", "--uri", endpoint.uri], { env });
    const value = (name: string) => stdout.match(new RegExp(`^export ${name}='?([^'\n]*)'?$`, "m"))?.[1];
    expect([value("AWS_REGION"), value("AWS_DEFAULT_REGION")]).toEqual([region, defaultRegion]);
    const script = "console.log(JSON.stringify([process.env.AWS_REGION, process.env.AWS_DEFAULT_REGION]))";
    const child = await runBuilt(["exec", "--uri", endpoint.uri, "--", process.execPath, "-e", script], {
      env,
    });
    expect(JSON.parse(child.stdout)).toEqual([region ?? null, defaultRegion ?? null]);
  });

  it("a role of another partition is never asked about in us-east-1", async () => {
    const env = { AWS_ENDPOINT_URL: server.url };
    const scopes = async (args: readonly string[], uri: string, more: Record<string, string> = {}) => {
      server.forget();
      await runBuilt([...args, "--uri", uri], { env: { ...env, ...more } });
      return server.requests.map(
        ({ headers }) => /Credential=\w+\/\d+\/([\w-]+)\//.exec(headers.authorization ?? "")?.[1],
      );
    };
    expect(new Set(await scopes(["verify", "--sts"], china.uri))).toEqual(new Set(["cn-northwest-1"]));
    expect(new Set(await scopes(["ls", "s3://b"], china.uri))).toEqual(new Set(["cn-northwest-1"]));
    const expecting = ["--sts", "--expect-role", "arn:aws-us-gov:iam::*:role/x"];
    expect(new Set(await scopes(["verify", ...expecting], endpoint.uri))).toEqual(new Set(["us-gov-west-1"]));
    expect(new Set(await scopes(["ls", "s3://b"], china.uri, { AWS_REGION: "cn-north-1" }))).toEqual(
      new Set(["cn-north-1"]),
    );
  });
});
