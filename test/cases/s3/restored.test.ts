import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

/** A bucket of archived objects: one that stays so, one that is being restored, one that can be read for now. */
function archive(storageClass: string): string {
  const bucket = world.bucket();
  const restores = {
    "p/cold": {},
    "p/thawing": { restore: 'ongoing-request="true"' },
    "p/restored": { restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2040 00:00:00 GMT"' },
  };
  for (const [key, more] of Object.entries(restores))
    world.server.put(bucket, key, "x", { storageClass, ...more });
  return bucket;
}

const LINES = [
  ["down", "cp s3://BUCKET/p . --recursive"],
  ["down", "sync s3://BUCKET/p ."],
  ["across", "cp s3://BUCKET/p s3://BUCKET/q --recursive"],
  ["across", "sync s3://BUCKET/p s3://BUCKET/q"],
] as const;

describe.concurrent.each(["GLACIER", "DEEP_ARCHIVE"])("of what is archived as %s", (storageClass) => {
  it.each(LINES)("the restored is copied %s, the rest is skipped with a warning: %s", async (way, line) => {
    const bucket = archive(storageClass);
    const place = world.place();
    const result = await world.run(line.replaceAll("BUCKET", bucket).split(" "), { cwd: place });
    expect(result.code).toBe(2);
    expect(result.stderr.match(/^warning: Skipping file \S+\/p\/\w+\. Object is of/gm)?.sort()).toEqual([
      `warning: Skipping file s3://${bucket}/p/cold. Object is of`,
      `warning: Skipping file s3://${bucket}/p/thawing. Object is of`,
    ]);
    if (way === "down") expect(filesOf(place)).toEqual({ restored: "x" });
    else
      expect(Object.keys(objectsOf(world, bucket)).filter((key) => key.startsWith("q/"))).toEqual([
        "q/restored",
      ]);
  });

  it.each([".", "s3://BUCKET/q/"])(
    "the restored goes alone, the rest does not: cp s3://b/p/k %s",
    async (to) => {
      const bucket = archive(storageClass);
      const place = world.place();
      const codes = [];
      for (const name of ["cold", "thawing", "restored"]) {
        const args = ["cp", `s3://${bucket}/p/${name}`, to.replace("BUCKET", bucket)];
        codes.push((await world.run(args, { cwd: place })).code);
      }
      expect(codes).toEqual([2, 2, 0]);
      if (to === ".") expect(filesOf(place)).toEqual({ restored: "x" });
      else
        expect(Object.keys(objectsOf(world, bucket)).filter((key) => key.startsWith("q/"))).toEqual([
          "q/restored",
        ]);
    },
  );
});
