import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { caBundleUnreadable } from "../failures.js";
import { readOptionFile } from "../local/option-file.js";

/**
 * What every TLS connection shares: made once, since reading the roots for each connection would cost more than its
 * handshake.
 *
 * @param caBundle a PEM file of roots that are trusted besides Node's own
 * @throws Failure when the bundle cannot be read
 */
export function secureContext(caBundle: string | undefined): SecureContext {
  if (caBundle === undefined) return createSecureContext();
  try {
    const pem = readOptionFile(caBundle).toString();
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw new Error("no certificate in it");
    return createSecureContext({ ca: [...rootCertificates, pem] });
  } catch (error) {
    throw caBundleUnreadable(caBundle, error);
  }
}
