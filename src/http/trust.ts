import { X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { readOptionFile } from "../paths/option-file.js";
import { caBundleUnreadable } from "./failures.js";

/** OpenSSL passes over what it cannot read, and then nobody is trusted. */
function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERTIFICATE-----")));
  } catch {
    throw new Error("no certificate in it");
  }
}

/**
 * What every TLS connection shares: made once, since reading the roots for each connection would cost more than its
 * handshake.
 *
 * @param caBundle a PEM file of roots, which are trusted instead of Node's own, as the AWS CLI has it
 * @throws Failure when the bundle cannot be read
 */
export function secureContext(caBundle: string | undefined): SecureContext {
  if (caBundle === undefined) return createSecureContext();
  try {
    const pem = readOptionFile(caBundle).toString();
    checkCertificate(pem);
    return createSecureContext({ ca: pem });
  } catch (error) {
    throw caBundleUnreadable(caBundle, error);
  }
}
