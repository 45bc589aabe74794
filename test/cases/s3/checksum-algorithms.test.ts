import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const world = builtWorld();
const SMALL = Buffer.from("some bytes");
const LARGE = Buffer.alloc(9 * 1024 * 1024, "more bytes");

const sha512 = (data: Buffer) => createHash("sha512").update(data).digest("base64");

describe.concurrent("--checksum-algorithm", () => {
  it.each(["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"])(
    "%s goes with an upload, with each part, with a copy, and is verified coming down",
    async (algorithm) => {
      const bucket = world.bucket();
      const place = world.place();
      writeFileSync(`${place}/small`, SMALL);
      writeFileSync(`${place}/large`, LARGE);
      const run = async (...args: string[]) => {
        const { code, stderr } = await world.run(args, { cwd: place });
        expect({ args, code }).toEqual({ args, code: 0 });
        return stderr;
      };
      const asked = ["--checksum-algorithm", algorithm];
      await run("cp", ".", `s3://${bucket}/`, "--recursive", ...asked);
      await run("cp", `s3://${bucket}/small`, `s3://${bucket}/copy`, ...asked);
      const sums = ["small", "large", "copy"].map((key) => world.server.object(bucket, key)?.checksum);
      const type = algorithm.startsWith("CRC") ? "FULL_OBJECT" : "COMPOSITE";
      expect(sums).toMatchObject([
        { algorithm, type: "FULL_OBJECT" },
        { algorithm, type },
        { algorithm, type: "FULL_OBJECT" },
      ]);
      const said = await run("cp", `s3://${bucket}/`, "down", "--recursive");
      // A hash of parts' hashes is none of the whole.
      expect(said).toMatch(type === "COMPOSITE" ? /^note: s3:.*\/large was not verified/ : /^$/);
      expect(readFileSync(`${place}/down/small`)).toEqual(SMALL);
      expect(readFileSync(`${place}/down/large`).equals(LARGE)).toBe(true);
    },
  );

  it("SHA512 of other bytes is a failed upload, and a failed download", async () => {
    const bucket = world.bucket();
    const place = world.place();
    world.server.put(bucket, "k", "harmed", {
      checksum: { algorithm: "SHA512", value: sha512(SMALL), type: "FULL_OBJECT" },
    });
    const { code, stderr } = await world.run(["cp", `s3://${bucket}/k`, "k"], { cwd: place });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^download failed: .*SHA512/i),
    });
  });
});
