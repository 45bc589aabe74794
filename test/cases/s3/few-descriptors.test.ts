import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

const world = builtWorld();

/** A Node with so many descriptors: it raises its soft limit to the hard one, so that both are set. */
function nodeWith(folder: string, limit: number): string {
  const path = `${folder}/node-${limit}`;
  writeFileSync(path, `#!/bin/sh\nulimit -n ${limit} || exit 99\nexec "${NODE}" "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Node does not get as far as to read the file. */
const IS_NODES = /Node\.js v|EMFILE: too many open files, open/;

it("whatever the limit of open files, a copy works, or one line names ulimit -n", async () => {
  const bucket = world.bucket({ k: "hello" });
  const place = world.place({ up: "up" });
  const seen = new Set<string>();
  // Each Node takes another number for itself.
  for (let limit = 16; limit <= 40; limit++) {
    const node = nodeWith(place, limit);
    for (const args of [
      ["cp", `s3://${bucket}/k`, `${place}/down-${limit}`],
      ["cp", `${place}/up`, `s3://${bucket}/up-${limit}`],
    ]) {
      const { code, stderr, timedOut } = await world.run(args, { node });
      expect({ limit, timedOut }).toEqual({ limit, timedOut: false });
      if (code === 0) seen.add("works");
      else if (!IS_NODES.test(stderr) && stderr !== "") {
        expect(stderr).toMatch(/^fetch-creds: ulimit -n is too low: .*\n {2}Raise .*\n$/);
        expect(code).toBe(255);
        seen.add("refused");
      }
    }
    // The first that has room enough, and one more.
    if (existsSync(`${place}/down-${limit - 1}`)) break;
  }
  expect([...seen].sort()).toEqual(["refused", "works"]);
  const key =
    world.server
      .bucket(bucket)
      .keys()
      .filter((name) => name.startsWith("up-"))
      .at(-1) ?? "";
  expect(world.server.object(bucket, key)?.body.toString()).toBe("up");
  expect(readFileSync(`${place}/down-${key.slice("up-".length)}`, "utf8")).toBe("hello");
});
