import { describe, expect, it } from "vitest";
import { shortenedPath, shownEndpoint, shownName } from "../../../src/credentials/endpoint.js";
import { idsIn } from "../../../src/credentials/endpoint-ids.js";
import { cpuTime } from "../../support/time-growth.js";

it.each([
  ["/v2/credentials/0f5a3b60-aaaa-bbbb", "/v2/credentials/0f5a…"],
  ["/v1/credentials", "/v1/credentials"],
  ["/2016-11-01/credentialprovider/", "/2016-11-01/credentialprovider/"],
  ["/x?token=abc", "/x?…"],
  ["/abcdefgh/ijklmnop", "/abc…/ijk…"],
  ["/abc/abcd/abcdefg/abcdefghijklm", "/abc/ab…/abc…/abcd…"],
  ["/abc?def?ghi", "/abc?…"],
  ["/creds/MYSECRETIDabc", "/creds/MYSE…"],
  ["/creds/abcdef", "/creds/ab…"],
  ["/secretid123", "/secr…"],
  ["/secretid123/", "/secr…/"],
  ["/secretid123//", "/secr…//"],
  ["/MYSECRET/creds", "/MYS…/creds"],
  ["/V2/Credentials/abcdefghi", "/V2/Credentials/abc…"],
  ["/v2/credentials//abcdefghi", "/v2/credentials//abc…"],
  ["/creds;id=abcdefghijkl", "/cre…=abcd…"],
  ["/role/my-service/x", "/role/my-service/x"],
  ["/role/s3cr3t-T0ken_value", "/role/s3cr…"],
  [`/${"a".repeat(100_000)}`, "/aaaa…"],
  [`${"/a".repeat(50_000)}`, `${"/a".repeat(100)}…`],
  ["/role/$ROLE_OF_THE_BUILD", "/role/$ROLE_OF_THE_BUILD"],
  ["/role/deploy-staging", "/role/deploy-staging"],
  ["/role/codebuildTheProject2", "/role/codebuildTheProject2"],
  ["/latest/meta-data/container/security-credentials", "/latest/meta-data/container/security-credentials"],
  ["/v2/credentials/not-a-number", "/v2/credentials/not-…"],
  ["/0123456789abcdef/x", "/0123…/x"],
  ["/a/3f2504e0-4f89-11d3-9a0c-0305e82c3301/b", "/a/3f25…/b"],
  ["/QWxhZGRpbjpvcGVuIHNlc2FtZQ", "/QWxh…"],
  ["/v1/v12/v123/x", "/v1/v12/v1…/x"],
  // What follows `role/` is open where it is a name, and nothing else is.
  ["/role/a1b2c3x9/y", "/role/a1b…/y"],
  ["/role/deadbeef1/x", "/role/dea…/x"],
  ["/myrole/deploy-staging/x", "/my…/depl…/x"],
  ["/rolex/deploy-staging/x", "/ro…/depl…/x"],
  ["/x/role=deploy-staging", "/x/role=depl…"],
  ["/", "/"],
])("%s is shown as %s", (target, shown) => {
  expect(shortenedPath(target)).toBe(shown);
});

it("an endpoint is shown with its path: whole where nothing of it is secret", () => {
  const endpoint = {
    scheme: "http",
    host: "fd00:ec2::23",
    port: 8080,
    target: "/creds/abcdefghi?x=y",
  } as const;
  expect(shownEndpoint(endpoint)).toBe("http://[fd00:ec2::23]:8080/creds/abc…?…");
  expect(shownEndpoint({ ...endpoint, isOpen: true })).toBe("http://[fd00:ec2::23]:8080/creds/abcdefghi?x=y");
});

it("a secret is named as one, a variable and an option by themselves", () => {
  expect(shownName({ name: "X", place: "secret" })).toBe("secret X");
  for (const place of ["environment", "option", "file"] as const)
    expect(shownName({ name: "X", place })).toBe("X");
});

describe("what is concealed of an endpoint's URI", () => {
  it.each([
    ["/role/deploy-staging", []],
    ["http://localhost:1338/latest/meta-data/container/security-credentials", []],
    ["http://127.0.0.1/2016-11-01/credentialprovider/", []],
    ["/v2/credentials/deploy-staging", ["deploy-staging"]],
    ["/x?role=deploy-staging&token=deploy-staging", ["deploy-staging"]],
    ["/3f2504e0-4f89-11d3-9a0c-0305e82c3301", ["3f2504e0-4f89-11d3-9a0c-0305e82c3301"]],
    ["https://user-name-of-some-length/x/0123456789abcdef", ["0123456789abcdef"]],
    ["/creds/AbCdEfGhIjKlMnOpQrStUvWx", ["AbCdEfGhIjKlMnOpQrStUvWx"]],
    ["/v2/credentials/short", []],
    ["/creds/MYSECRETIDabc", ["MYSECRETIDabc"]],
    ["/secretid123/", ["secretid123"]],
    ["/some-service/credentials", []],
    ["/v2/credentials/seven77", []],
    ["/v2/credentials/eight888", ["eight888"]],
    ["/x/1234567", []],
    ["/x/1234567f", ["1234567f"]],
    ["/v2/credentials/$AWS_CONTAINER_ID", []],
    ["/v2/credentials/$ID_OF_X%20", []],
    ["/x/%VARIABLE_OF_BUILD%", []],
    // No variables, though they hold one's sign.
    ["/creds/MYSECRET$IDabc", ["MYSECRET$IDabc"]],
    ["/creds/%2fxyzxyz", ["%2fxyzxyz"]],
    // By what they look like, wherever they stand.
    ["/3f2504e0-4f89-11d3-9a0c-0305e82c3301:x/y", ["3f2504e0-4f89-11d3-9a0c-0305e82c3301:x"]],
    ["/1234567f/x", ["1234567f"]],
    ["/1234567g/x", []],
    ["/job-12345678/x", []],
    ["/12345678-job/x", []],
    ["/AbCdEfGhIjKlMnOp/x", ["AbCdEfGhIjKlMnOp"]],
    ["/AbCdEfGhIjKlMnO/x", []],
    ["/x!AbCdEfGhIjKlMnOp/y", []],
    ["/AbCdEfGhIjKlMnOp!x/y", []],
    // By their place alone.
    ["/v2/credentials/deploy-staging/x", ["deploy-staging"]],
    ["/mycredentials/deploy-staging/x", []],
    ["/credentials2/deploy-staging/x", []],
    ["/v1/credentials?deploy-staging", []],
    // A word that everybody knows is none of another's part.
    ["/x/secretcreds", ["secretcreds"]],
    ["/x/credsecret1", ["credsecret1"]],
    // A host is none, but an address in the query has a path.
    ["http://0123456789abcdef/x", []],
    ["/x?u=http://0123456789abcdef/y", ["0123456789abcdef"]],
  ] as const)("%s: %j", (uri, ids) => expect(idsIn(uri)).toEqual(ids));

  it("is found in a time that grows with the URI alone", () => {
    const spent = cpuTime(() => {
      idsIn(`/${"aA1-".repeat(20_000)}!`);
      idsIn("/".repeat(100_000));
      idsIn(`${"/".repeat(100_000)}x`);
      idsIn("/a".repeat(50_000));
    });
    expect(spent).toBeLessThan(2_000_000);
  });
});
