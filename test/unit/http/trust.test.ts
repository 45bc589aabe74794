import { readFileSync, writeFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { afterAll, describe, expect, it, vi } from "vitest";
import { secureContext } from "../../../src/http/trust.js";
import { CERTIFICATE_FILE } from "../../support/certificate/certificate.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

vi.mock("node:tls", async (original) => {
  const tls = await original<typeof import("node:tls")>();
  return { ...tls, createSecureContext: vi.fn(tls.createSecureContext) };
});

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe("secureContext", () => {
  it("trusts a bundle's certificates alone, as botocore does", () => {
    secureContext(CERTIFICATE_FILE);
    expect(createSecureContext).toHaveBeenLastCalledWith({ ca: readFileSync(CERTIFICATE_FILE, "utf8") });
  });

  it("trusts Node's roots without one", () => {
    secureContext(undefined);
    expect(createSecureContext).toHaveBeenLastCalledWith();
  });

  it.each([
    "nothing",
    "-----BEGIN CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
  ])("refuses a file without a certificate: %j", (text) => {
    const file = folder.at("bundle.pem");
    writeFileSync(file, text);
    expect(() => secureContext(file)).toThrow(
      expect.objectContaining({
        id: "ca-bundle-unreadable",
        message: `The CA bundle ${file} cannot be read: no certificate in it`,
      }),
    );
  });
});
