import { describe, expect, it } from "vitest";
import { verbHint } from "../../../src/cli/verb-hints.js";

const NAMES = ["verify", "export", "exec", "cp", "sync", "ls"];
const ALL = `The commands are ${NAMES.join(", ")}.`;

describe("what to write instead of a command that there is not", () => {
  it.each([
    ["mv", /cp copies.* exec -- aws s3 mv SRC DST$/],
    ["move", /aws s3 mv/],
    ["rm", /sync --delete.* exec -- aws s3 rm s3:\/\/BUCKET\/KEY$/],
    ["del", /aws s3 rm/],
    ["presign", /exec -- aws s3 presign s3:\/\/BUCKET\/KEY$/],
    ["cat", /cp s3:\/\/BUCKET\/KEY -$/],
    ["mb", /aws s3 mb/],
    ["s3api", /aws s3api/],
    ["aws", /Leave out 'aws s3'/],
    ["s3", /Leave out 's3'/],
    ["login", /verify says whose keys/],
    ["version", /--version$/],
    ["du", /ls .*--summarize/],
    ["whoami", /Did you mean verify\?/],
    ["get-caller-identity", /verify --sts/],
    ["put", /Did you mean cp\?/],
    ["mirror", /Did you mean sync\?/],
    ["snyc", /Did you mean sync\?/],
    ["ll", /Did you mean ls\?/],
  ])("%s", (given, hint) => {
    expect(verbHint(given, NAMES)).toMatch(hint);
  });

  it.each(["nosuch", "constructor", "__proto__", "toString"])("%s: all that there are", (given) => {
    expect(verbHint(given, NAMES)).toBe(ALL);
  });
});
