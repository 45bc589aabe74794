import { describe, expect, it } from "vitest";
import { builtWorld, filesOf, objectsOf } from "../../support/built-world.js";

const world = builtWorld();

describe.concurrent("an operand from a variable that is not set stops the command before anything is done", () => {
  it.each([
    ["sync s3://BUCKET/p EMPTY --delete", "DST"],
    ["sync EMPTY s3://BUCKET/p --delete", "SRC"],
    ["sync EMPTY s3://BUCKET/p", "SRC"],
    ["cp s3://BUCKET/p EMPTY --recursive", "DST"],
    ["cp EMPTY s3://BUCKET/p --recursive", "SRC"],
    ["cp s3://BUCKET/p/a EMPTY", "DST"],
    ["ls EMPTY", "S3 URI"],
    ["cache-key s3://BUCKET/p EMPTY", "s3://BUCKET/KEY-OR-PREFIX"],
    ["doctor EMPTY", "S3 URI"],
  ])("%s", async (line, operand) => {
    const bucket = world.bucket({ "p/a": "1" });
    const place = world.place({ a: "1", mine: "x" });
    const words = line.split(" ").map((word) => (word === "EMPTY" ? "" : word.replace("BUCKET", bucket)));
    const [verb = ""] = words;
    const result = await world.run(words, { cwd: place });
    expect(result).toMatchObject({ code: 252, stdout: "" });
    expect(result.stderr).toMatch(/^fetch-creds: [^\n]+\n( {2}[^\n]+\n)+$/);
    expect(result.stderr).toContain(`${verb} was given an empty ${operand}\n`);
    expect(filesOf(place)).toEqual({ a: "1", mine: "x" });
    expect(objectsOf(world, bucket)).toEqual({ "p/a": "1" });
    expect(world.server.requests.filter((request) => request.bucket === bucket)).toEqual([]);
  });

  it("and one of blanks is a name like any other", async () => {
    const bucket = world.bucket({ "p/a": "1" });
    const place = world.place({ mine: "x" });
    const result = await world.run(["sync", `s3://${bucket}/p`, " ", "--delete"], { cwd: place });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(filesOf(place)).toEqual({ " /a": "1", mine: "x" });
  });
});
