import { join } from "node:path";

export { CERTIFICATE_FILE } from "../certificate/certificate.js";

/** The private key of the test certificate, for servers that read it from a file. */
export const CERTIFICATE_KEY_FILE = join(import.meta.dirname, "../certificate/key.pem");
