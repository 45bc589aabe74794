import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtWorld } from "../../support/built-world.js";

const NODE = process.env.FETCH_CREDS_NODE ?? process.execPath;

/** Node where /proc is empty, as on systems that have none. */
const WITHOUT_PROC = `#!/bin/sh
exec unshare --mount sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "${NODE}" "$@"
`;

const canUnshare = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/proc"]).status === 0;

const world = builtWorld();

describe.skipIf(!canUnshare)("where there is no /proc (skipped: only root can take it away)", () => {
  /** A place with a folder that all may write to, in which another user could exchange the folder `d`. */
  function shared() {
    const place = world.place({ "shared/d/f": "there", "own/d/f": "there" });
    const node = `${place}/node`;
    writeFileSync(node, WITHOUT_PROC);
    chmodSync(node, 0o755);
    chmodSync(`${place}/shared`, 0o777);
    mkdirSync(`${place}/own/sticky/d`, { recursive: true });
    chmodSync(`${place}/own/sticky`, 0o1777);
    return { place, node };
  }

  const OTHERS = /another user can replace a folder on the path, which cannot be prevented without \/proc/;

  it("nothing is written, deleted or read below a folder that another user could exchange", async () => {
    const bucket = world.bucket({ "d/f": "new", k: "new" });
    const { place, node } = shared();
    for (const args of [
      ["cp", `s3://${bucket}/d/f`, `${place}/shared/d/f`],
      ["cp", `s3://${bucket}`, `${place}/shared`, "--recursive", "--exclude", "k"],
      ["sync", `s3://${bucket}`, `${place}/shared/d`, "--delete"],
      ["cp", `${place}/shared/d/f`, `s3://${bucket}/up`],
    ]) {
      const { code, stderr } = await world.run(args, { node });
      expect({ args, code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(OTHERS) });
    }
    const up = await world.run(["cp", `${place}/shared`, `s3://${bucket}/up`, "--recursive"], { node });
    expect(up.code).not.toBe(0);
    expect(readdirSync(`${place}/shared/d`)).toEqual(["f"]);
    expect(readFileSync(`${place}/shared/d/f`, "utf8")).toBe("there");
    expect(world.server.bucket(bucket).keys()).toEqual(["d/f", "k"]);
  });

  it("all is done below folders of ours, sticky ones included", async () => {
    const bucket = world.bucket({ "d/f": "new" });
    const { place, node } = shared();
    for (const folder of ["own", "own/sticky", "own/sticky/d"]) {
      const down = await world.run(["sync", `s3://${bucket}`, `${place}/${folder}`], { node });
      expect(down).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(`${place}/${folder}/d/f`, "utf8")).toBe("new");
    }
    const up = await world.run(["cp", `${place}/own/sticky`, `s3://${bucket}/up`, "--recursive"], { node });
    expect(up).toMatchObject({ code: 0, stderr: "" });
  });
});
