import { describe, expect, it } from "vitest";
import {
  addressFamily,
  isLoopback,
  isPermittedAddress,
  unmapped,
} from "../../../src/credentials/permitted-address.js";

describe("permitted addresses", () => {
  it.each(["127.0.0.1", "127.255.255.255", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"])(
    "%s",
    (address) => expect(isPermittedAddress(address)).toBe(true),
  );

  it.each([
    "8.8.8.8",
    "128.0.0.1",
    "126.1.1.1",
    "0.0.0.0",
    "169.254.170.22",
    "169.254.169.254",
    "fd00:ec2::24",
    "::",
    "127.0.0.1x",
    "127.x",
  ])("not %s", (address) => expect(isPermittedAddress(address)).toBe(false));

  it.each([
    ["::ffff:7f00:1", "127.0.0.1"],
    ["::ffff:808:808", "8.8.8.8"],
    ["::ffff:127.0.0.1", "127.0.0.1"],
    ["::ffff:102:304", "1.2.3.4"],
    ["::ffff:ffff:ffff", "255.255.255.255"],
    ["::1", "::1"],
    ["10.0.0.1", "10.0.0.1"],
    ["::ffff:1:203", "0.1.2.3"],
    // Addresses of their own, though a part of them looks like one.
    ...[
      "2001::ffff:7f00:1",
      "::ffff:7f00:1:2",
      "::ffff:12345:1",
      "::ffff:1:12345",
      "2001::ffff:127.0.0.1",
    ].map((address): [string, string] => [address, address]),
  ])("%s carries %s", (address, inner) => expect(unmapped(address)).toBe(inner));

  it("knows the agents' addresses from loopback", () => {
    expect(isLoopback("169.254.170.2")).toBe(false);
  });

  it.each([
    ["127.0.0.1", 4],
    ["::1", 6],
    ["localhost", 0],
    ["127.0.0.1x", 0],
    ["x.127.0.0.1", 0],
    ["1270.0.0.1", 0],
    ["127.0.0.1000", 0],
    ["127.0.1", 0],
    ["127.0.0.0.1", 0],
  ])("the family of %s is %i", (host, family) => expect(addressFamily(host)).toBe(family));
});
