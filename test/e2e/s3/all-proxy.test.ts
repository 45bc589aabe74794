import { expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const world = builtWorld();

it.each([
  { ALL_PROXY: "socks5://127.0.0.1:9" },
  { all_proxy: "socks5h://127.0.0.1:9" },
  { ALL_PROXY: "SOCKS4://user:secret@127.0.0.1:9" },
])("%j is passed over", async (env) => {
  const bucket = world.bucket({ k: "hello" });
  const result = await world.run(["cp", `s3://${bucket}/k`, "-"], { env });
  expect(result).toMatchObject({ code: 0, stdout: "hello", stderr: "" });
});

it.each([{ HTTP_PROXY: "socks5://127.0.0.1:9" }, { http_proxy: "socks5h://127.0.0.1:9" }])(
  "%j is a wrong one",
  async (env) => {
    const result = await world.run(["ls", "s3://b"], { env });
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr).toContain("is not that of an http or https proxy");
  },
);
