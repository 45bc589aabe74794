import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { type ConnectProxy, startConnectProxy } from "../../support/fault-proxy/connect-proxy.js";
import { header } from "../../support/s3-server/s3-request.js";

const USER = "build:pa%ss@";

/** Larger than what goes in one PUT, and than what a socket takes at once. */
const LARGE = Buffer.alloc(9 * 1024 ** 2, "every part of it is another one, as is each half of a part; ");

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe.each([
  { endpoint: "http", proxy: "http" },
  { endpoint: "http", proxy: "https" },
  { endpoint: "https", proxy: "http" },
  { endpoint: "https", proxy: "https" },
])("an endpoint of $endpoint by a proxy of $proxy", ({ endpoint, proxy: scheme }) => {
  const world = builtWorld({ tls: endpoint === "https" });
  let proxy: ConnectProxy;
  let env: Record<string, string>;
  beforeAll(async () => {
    proxy = await startConnectProxy(scheme === "https", undefined, USER);
    const address = proxy.url.replace(
      "//",
      `//${encodeURIComponent("build")}:${encodeURIComponent("pa%ss@")}@`,
    );
    env = { [`${endpoint.toUpperCase()}_PROXY`]: address, AWS_CA_BUNDLE: CERTIFICATE_FILE };
  });
  afterAll(() => proxy.close());

  const made = () => world.server.requests.map(({ operation }) => operation);
  /** How often the proxy has been asked: for each request, or for each tunnel. */
  const asked = () => (endpoint === "http" ? proxy.passed.length : proxy.tunnels.length);

  it("is sent files in parts, copies and deletes, and read from", async () => {
    const bucket = world.bucket({ gone: "x" });
    const place = world.place({ "small.txt": "small" });
    writeFileSync(`${place}/large`, LARGE);
    const before = asked();
    world.server.forget();
    const run = (...args: string[]) => world.run(args, { env });
    expect(await run("sync", place, `s3://${bucket}`, "--delete")).toMatchObject({ code: 0, stderr: "" });
    const copied = await run("cp", `s3://${bucket}/small.txt`, `s3://${bucket}/another`);
    expect(copied).toMatchObject({ code: 0, stderr: "" });
    expect(await run("cp", `s3://${bucket}/large`, `s3://${bucket}/copy`)).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(await run("cp", `${place}/large`, `s3://${bucket}/new`, "--no-overwrite")).toMatchObject({
      code: 0,
    });
    const back = world.place();
    expect(await run("sync", `s3://${bucket}`, back)).toMatchObject({ code: 0, stderr: "" });

    expect(Object.keys(objectsOf(world, bucket)).sort()).toEqual([
      "another",
      "copy",
      "large",
      "new",
      "small.txt",
    ]);
    expect(Object.keys(filesOf(back))).toEqual(["another", "copy", "large", "new", "small.txt"]);
    for (const name of ["copy", "large", "new"])
      expect(sha256(readFileSync(`${back}/${name}`))).toBe(sha256(LARGE));
    expect(new Set(made())).toEqual(
      new Set([
        ...["CompleteMultipartUpload", "CopyObject", "CreateMultipartUpload", "GetObjectTagging"],
        ...[
          "DeleteObject",
          "GetObject",
          "HeadObject",
          "ListObjectsV2",
          "PutObject",
          "UploadPart",
          "UploadPartCopy",
        ],
      ]),
    );
    // Who asks is for the proxy to know.
    const told = world.server.requests.map((request) => header(request, "proxy-authorization"));
    expect(new Set(told)).toEqual(new Set([undefined]));
    // Every request went by the proxy; a tunnel carries several.
    const count = asked() - before;
    if (endpoint === "http") expect(count).toBe(made().length);
    else expect(count).toBeLessThan(made().length);
    expect(count).toBeGreaterThan(0);
  });

  it("is asked without it where NO_PROXY names the endpoint", async () => {
    const bucket = world.bucket({ k: "x" });
    const before = proxy.connections();
    const result = await world.run(["ls", `s3://${bucket}`], { env: { ...env, NO_PROXY: "127.0.0.1" } });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/ k\n$/) });
    expect(proxy.connections() - before).toBe(0);
  });

  it("is not reached without the user that the proxy wants: one line, and nothing is repeated", async () => {
    const bucket = world.bucket();
    const place = world.place({ f: "x".repeat(200_000) });
    const before = asked();
    world.server.forget();
    const stranger = { ...env, [`${endpoint.toUpperCase()}_PROXY`]: proxy.url };
    const { code, stderr } = await world.run(["cp", `${place}/f`, `s3://${bucket}/k`], { env: stranger });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^upload failed: .*407.*\n( .*\n)*$/);
    expect({ asked: asked() - before, made: made() }).toEqual({ asked: 1, made: [] });
  });
});
