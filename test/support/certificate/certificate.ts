import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The PEM file that a client under test trusts (`--ca-bundle`): 127.0.0.1, ::1, localhost, *.localhost and *.s3.test. */
export const CERTIFICATE_FILE = join(import.meta.dirname, "certificate.pem");

/** A fixed self-signed pair for the embedded servers. Public, good for a hundred years, and for tests only. */
export const TEST_TLS = {
  cert: readFileSync(CERTIFICATE_FILE),
  key: readFileSync(join(import.meta.dirname, "key.pem")),
};
