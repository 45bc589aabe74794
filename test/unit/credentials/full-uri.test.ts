import { describe, expect, it } from "vitest";
import { hostHeader } from "../../../src/credentials/endpoint.js";
import { parseFullUri } from "../../../src/credentials/full-uri.js";

const parse = (value: string) => parseFullUri({ name: "V", place: "environment", value });

describe("a full URI", () => {
  it.each([
    ["http://169.254.170.23/v1/credentials", "169.254.170.23", 80, "/v1/credentials"],
    ["http://[FD00:EC2:0::23]:80/x", "fd00:ec2::23", 80, "/x"],
    ["http://0x7f.1:8080/a?b=c#d", "127.0.0.1", 8080, "/a?b=c"],
    ["https://example.test/x", "example.test", 443, "/x"],
    ["https://8.8.8.8:8443/", "8.8.8.8", 8443, "/"],
    ["http://localhost", "localhost", 80, "/"],
    ["http://127.0.0.1/a b", "127.0.0.1", 80, "/a%20b"],
    ["HTTPS://a.test:80/x", "a.test", 80, "/x"],
    ["http://127.0.0.1:443/x", "127.0.0.1", 443, "/x"],
    ["http://127.0.0.1/a@b?c@d", "127.0.0.1", 80, "/a@b?c@d"],
    ["http://127.0.0.1?a@b", "127.0.0.1", 80, "/?a@b"],
    ["http://127.0.0.1/?u=http://a@b/", "127.0.0.1", 80, "/?u=http://a@b/"],
    ["http://[::ffff:127.0.0.1]/x", "::ffff:7f00:1", 80, "/x"],
    ["https://[2001:db8::1]/x", "2001:db8::1", 443, "/x"],
  ])("%s", (value, host, port, target) => {
    expect(parse(value)).toMatchObject({ host, port, target });
  });

  it.each([
    ["http://8.8.8.8/x", "uri-host"],
    ["http://[::ffff:8.8.8.8]/x", "uri-host"],
    ["http://0/x", "uri-host"],
    ["ftp://127.0.0.1/x", "uri-scheme"],
    ["http://a@127.0.0.1/", "uri-user-info"],
    ["http://@127.0.0.1/", "uri-user-info"],
    ["https://a@b@c.test/", "uri-user-info"],
    ["ftp:127.0.0.1", "uri-malformed"],
    ["localhost:1338/x", "uri-malformed"],
    ["s3+http://x/", "uri-scheme"],
    ["http://127.0.0.1/a\\b", "uri-malformed"],
    ["http://", "uri-malformed"],
    ["http:///x", "uri-malformed"],
    ["http://:80/x", "uri-malformed"],
    ["https://a b/", "uri-malformed"],
    ["/v2/credentials/x", "uri-malformed"],
    ["http://127.0.0.1/\ud800", "uri-control-character"],
    ["ftp://x/\n", "uri-control-character"],
    ["http://127.0.0.1\\@8.8.8.8/", "uri-malformed"],
    ["http:127.0.0.1/", "uri-malformed"],
    ["127.0.0.1/x", "uri-malformed"],
    ["127.0.0.1/ftp://x", "uri-malformed"],
    ["127.0.0.1://x", "uri-malformed"],
    [" http://127.0.0.1/", "uri-malformed"],
    ["http://127.0.0.1:0/", "uri-malformed"],
    ["http://127.0.0.1/x ", "uri-malformed"],
    ["http://127.0.0.1/\n", "uri-control-character"],
  ])("%s is refused as %s", (value, id) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ id, exitCode: 253 }));
  });

  it.each([
    ["http://169.254.170.23/x", "169.254.170.23"],
    ["http://[fd00:ec2::23]/x", "[fd00:ec2::23]"],
    ["http://[::1]:8080/x", "[::1]:8080"],
    ["http://127.0.0.1:80/x", "127.0.0.1"],
    ["https://a.test:443/x", "a.test"],
    ["https://a.test:80/x", "a.test:80"],
  ])("the Host of %s is %s", (value, header) => {
    expect(hostHeader(parse(value))).toBe(header);
  });
});
