import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";
import { startConnectProxy } from "../../support/fault-proxy/connect-proxy.js";

const world = builtWorld({ tls: true });

it.each(["127.0.0.1", "localhost"])(
  "a proxy at https://%s is used without a warning of Node's",
  async (host) => {
    const bucket = world.bucket({ k: "through a proxy" });
    const place = world.place();
    const proxy = await startConnectProxy(true);
    const { AWS_ENDPOINT_URL = world.server.url } = world.server.env;
    const env = {
      AWS_ENDPOINT_URL,
      AWS_CA_BUNDLE: world.server.certificateFile,
      HTTPS_PROXY: proxy.url.replace("127.0.0.1", host),
    };
    const result = await world.run(["cp", `s3://${bucket}/k`, place], { env });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(`${place}/k`, "utf8")).toBe("through a proxy");
    expect(proxy.tunnels.length).toBeGreaterThan(0);
    await proxy.close();
  },
);

it("--no-verify-ssl looks into no bundle of certificates", async () => {
  const bucket = world.bucket({ k: "x" });
  const args = ["cp", `s3://${bucket}/k`, "-"];
  const AWS_CA_BUNDLE = "/nonexistent";
  expect((await world.run(args, { env: { AWS_CA_BUNDLE } })).code).not.toBe(0);
  for (const [more, env] of [
    [[], { AWS_CA_BUNDLE }],
    [["--ca-bundle", AWS_CA_BUNDLE], {}],
  ] as const) {
    const { code, stdout } = await world.run([...args, "--no-verify-ssl", ...more], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "x" });
  }
});
