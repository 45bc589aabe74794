import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { builtWorld, filesOf } from "../../support/built-world.js";
import {
  type CredentialEndpoint,
  startCredentialEndpoint,
} from "../../support/credential-endpoint/credential-endpoint.js";
import { errorResponse } from "../../support/fault-proxy/fault.js";
import { type FaultProxy, startFaultProxy } from "../../support/fault-proxy/fault-proxy.js";
import { runBuilt, startBuilt } from "../../support/run-built.js";

const world = builtWorld();
const MANY = 700;
const names = Array.from({ length: MANY }, (_, index) => `${index % 7}/${index}`);
const tree = Object.fromEntries(names.map((name) => [name, `content of ${name}`]));

const slowDown = () => errorResponse(503, "SlowDown", "Please reduce your request rate.");

afterEach(() => {
  world.server.instead = undefined;
  world.server.alter = undefined;
});

describe("many objects", () => {
  it("come down, every one", async () => {
    const bucket = world.bucket(tree);
    const place = world.place();
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(result.code).toBe(0);
    expect(filesOf(place)).toEqual(tree);
    expect(
      result.stdout
        .split("\n")
        .filter((line) => line.startsWith("download: "))
        .sort(),
    ).toHaveLength(MANY);
  });

  it("go up, every one", async () => {
    const bucket = world.bucket();
    const place = world.place(tree);
    const result = await world.run(["cp", ".", `s3://${bucket}`, "--recursive"], { cwd: place });
    expect(result.code).toBe(0);
    for (const name of names)
      expect(world.server.object(bucket, name)?.body.toString()).toBe(`content of ${name}`);
  });

  it("fail one by one, each with its own words, and nothing half-written", async () => {
    const bucket = world.bucket();
    // Uploaded, so that S3 has their checksums.
    const some = names.slice(0, 200);
    const objects = Object.fromEntries(some.map((name) => [name, tree[name] ?? ""]));
    await world.run(["cp", ".", `s3://${bucket}`, "--recursive"], { cwd: world.place(objects) });
    const place = world.place();
    mkdirSync(`${place}/3`);
    mkdirSync(`${place}/3/178`);
    const kind = (name = "") => ({ 0: "denied", 1: "corrupt" })[Number(name.split("/")[1]) % 20];
    world.server.instead = (request) =>
      request.operation === "GetObject" && kind(request.key) === "denied"
        ? errorResponse(403, "AccessDenied", "Access Denied")
        : undefined;
    world.server.alter = (answer, request) =>
      request.operation === "GetObject" && kind(request.key) === "corrupt"
        ? { ...answer, body: Buffer.from(answer.body.toString().toUpperCase()) }
        : answer;
    const args = ["cp", `s3://${bucket}`, ".", "--recursive", "--json"];
    const result = await world.run(args, { cwd: place });
    expect(result.code).toBe(1);
    const failed = some.filter((name) => kind(name) !== undefined || name === "3/178");
    const events = result.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; source?: string; error?: { message: string } })
      .filter(({ event }) => event === "failed");
    for (const name of failed) {
      const message = events.find(({ source }) => source === `s3://${bucket}/${name}`)?.error?.message ?? "";
      if (name === "3/178") expect(message).toBe(`Cannot write ${place}/3/178: it is a folder (EISDIR)`);
      else if (kind(name) === "denied") expect(message).toContain("(AccessDenied)");
      else expect(message).toContain("CRC64NVME checksum of what arrived");
    }
    expect(events).toHaveLength(failed.length);
    const there = Object.keys(filesOf(place)).filter((name) => !name.startsWith("3/178"));
    expect(there.sort()).toEqual(some.filter((name) => !failed.includes(name)).sort());
  });

  it("bear a server that is asked too much", async () => {
    const bucket = world.bucket(tree);
    const place = world.place();
    let inFlight = 0;
    let refused = 0;
    world.server.instead = async (request) => {
      if (request.operation !== "GetObject") return undefined;
      if (inFlight >= 6) {
        refused++;
        return slowDown();
      }
      inFlight++;
      await new Promise((resolve) => setTimeout(resolve, 3));
      inFlight--;
      return undefined;
    };
    const result = await world.run(["cp", `s3://${bucket}`, ".", "--recursive"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual(tree);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(MANY);
  });

  it("go on with new keys when the old ones expire under way", async () => {
    await using bed = await keysBed();
    const bucket = world.bucket(tree);
    const place = world.place();
    let asked = 0;
    world.server.instead = () => {
      if (++asked === 300) world.server.keys.expireAll();
      return undefined;
    };
    const result = await runBuilt(["cp", `s3://${bucket}`, ".", "--recursive", "--no-progress"], {
      cwd: place,
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: bed.endpoint.uri, AWS_ENDPOINT_URL: world.server.url },
    });
    expect(result.code).toBe(0);
    expect(asked).toBeGreaterThan(MANY);
    expect(filesOf(place)).toEqual(tree);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("end at once at %s, without temporary files", async (signal) => {
    const bucket = world.bucket(tree);
    const place = world.place();
    const stuck = new Set<string>();
    let served = 0;
    world.server.instead = (request) => {
      if (request.operation !== "GetObject" || ++served < 400) return undefined;
      stuck.add(request.key ?? "");
      return new Promise(() => undefined);
    };
    const { child, finished } = startBuilt(["cp", `s3://${bucket}`, ".", "--recursive"], {
      cwd: place,
      env: { ...world.server.env, AWS_ENDPOINT_URL: world.server.url },
    });
    while (stuck.size < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill(signal);
    expect((await finished).code).toBe(signal === "SIGINT" ? 130 : 143);
    const leftovers = readdirSync(place, { recursive: true }).filter((name) =>
      String(name).endsWith(".fetch-creds"),
    );
    expect(leftovers).toEqual([]);
  });
});

/** A credential endpoint whose keys the world's server knows. */
async function keysBed(): Promise<{ endpoint: CredentialEndpoint } & AsyncDisposable> {
  const endpoint = await startCredentialEndpoint({ keys: world.server.keys });
  return { endpoint, [Symbol.asyncDispose]: () => endpoint.close() };
}

describe("a large object", () => {
  const bytes = randomBytes(60 * 1024 * 1024 + 5);
  const sha256 = (content: Buffer | undefined) =>
    createHash("sha256")
      .update(content ?? "")
      .digest("hex");
  let faults: FaultProxy | undefined;
  afterEach(() => faults?.close());

  async function throughFaults(): Promise<{ faults: FaultProxy; env: Record<string, string> }> {
    faults = await startFaultProxy(world.server.url, { tls: false });
    return { faults, env: { AWS_ENDPOINT_URL: faults.url } };
  }

  it("comes down whole and verified, though connections break in the middle", async () => {
    const { faults, env } = await throughFaults();
    const bucket = world.bucket();
    world.server.put(bucket, "large", bytes);
    const place = world.place();
    let broken = 0;
    faults.plan = (request, count) => {
      if (request.operation !== "GetObject" || count % 3 !== 2) return undefined;
      broken++;
      return { kind: "reset", at: "body" };
    };
    const result = await world.run(["cp", `s3://${bucket}/large`, "large"], { cwd: place, env });
    expect(result.code).toBe(0);
    expect(broken).toBeGreaterThan(2);
    expect(sha256(readFileSync(`${place}/large`))).toBe(sha256(bytes));
  });

  it("goes up whole, though the server refuses parts", async () => {
    const { faults, env } = await throughFaults();
    const bucket = world.bucket();
    const place = world.place();
    writeFileSync(`${place}/large`, bytes);
    let refused = 0;
    faults.plan = (request, count) => {
      if (request.operation !== "UploadPart" || count % 3 !== 2) return undefined;
      refused++;
      return { kind: "answer", answer: slowDown() };
    };
    const result = await world.run(["cp", "large", `s3://${bucket}/large`], { cwd: place, env });
    expect(result.code).toBe(0);
    expect(refused).toBeGreaterThan(2);
    expect(sha256(world.server.object(bucket, "large")?.body)).toBe(sha256(bytes));
  });

  it("leaves the target as it was when a piece fails for good", async () => {
    const { faults, env } = await throughFaults();
    const bucket = world.bucket();
    world.server.put(bucket, "large", bytes);
    const place = world.place({ large: "before" });
    let refused = 0;
    faults.plan = (request, count) => {
      if (request.operation !== "GetObject" || count <= 5) return undefined;
      refused++;
      return { kind: "answer", answer: errorResponse(403, "AccessDenied", "Access Denied") };
    };
    const result = await world.run(["cp", `s3://${bucket}/large`, "large"], { cwd: place, env });
    expect(result.code).toBe(1);
    expect(refused).toBeGreaterThan(0);
    expect(result.stderr).toMatch(/^download failed: .*\(AccessDenied\)/);
    expect(filesOf(place)).toEqual({ large: "before" });
  });
});
