import { expect, it } from "vitest";
import { shortenedPath } from "../../../src/credentials/endpoint.js";

it.each([
  ["/v2/credentials/0f5a3b60-aaaa-bbbb", "/v2/credentials/0f5a…"],
  ["/v1/credentials", "/v1/credentials"],
  ["/2016-11-01/credentialprovider/", "/2016-11-01/credentialprovider/"],
  ["/x?token=abc", "/x?…"],
  ["/abcdefgh/ijklmnop", "/abcd…/ijkl…"],
  ["/", "/"],
])("%s is shown as %s", (target, shown) => {
  expect(shortenedPath(target)).toBe(shown);
});
