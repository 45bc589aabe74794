import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { startConnectProxy } from "../../support/fault-proxy/connect-proxy.js";
import { builtWorld } from "./world.js";

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
