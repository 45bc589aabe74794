import { expect, it } from "vitest";
import { withOwnPath } from "../../../src/output/own-path.js";

it.each([
  [
    "See: node fetch-creds.js cp --help",
    "/opt/x/fetch-creds.js",
    "See: node /opt/x/fetch-creds.js cp --help",
  ],
  ["node fetch-creds.js ls\nnode fetch-creds.js cp", "/f.js", "node /f.js ls\nnode /f.js cp"],
  [
    "in another folder: node ./fetch-creds.js export",
    "/f.js",
    "in another folder: node ./fetch-creds.js export",
  ],
  ["Usage: node fetch-creds.js cp SRC DST", "/f.js", "Usage: node fetch-creds.js cp SRC DST"],
  ["run node fetch-creds.js", "/a b/$(x).js", "run node fetch-creds.js"],
  ["run node fetch-creds.js", "/a$&b.js", "run node fetch-creds.js"],
  ["run node fetch-creds.js", "", "run node fetch-creds.js"],
])("%j, run from %j, is %j", (hint, path, expected) => expect(withOwnPath(hint, path)).toBe(expected));
