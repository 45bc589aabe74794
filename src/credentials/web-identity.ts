import type { Context } from "../context.js";
import { learnSecrets } from "../output/concealed.js";
import type { CredentialSource, SourceDescription } from "./credentials.js";
import { unexpiredKeys } from "./role-keys.js";
import { readSmallFile } from "./secret-file.js";
import { defaultSessionName, sessionNameOf } from "./session-name.js";
import type { StsReach } from "./sts.js";
import { shownTokenPath } from "./token-for-path.js";
import { webIdentityFile } from "./web-identity-file-failure.js";

/** Who a token is exchanged for, and what says so. */
export interface WebIdentity extends Pick<SourceDescription, "name" | "place"> {
  readonly tokenFile: string;
  readonly roleArn: string;
  /** Undefined or empty: one of our own. */
  readonly sessionName?: string | undefined;
}

/** Bytes: STS takes a token of 20,000 characters. */
const LONGEST = 20 * 1024;

/** A token as a header could carry it (RFC 6750, 2.1): no JSON around it, no quotes, no second line. */
const TOKEN = /^[\w.~+/-]+=*$/;

function readToken(path: string | undefined): string {
  if (path === undefined) throw webIdentityFile("***", new Error("it is a token, not the path of its file"));
  let text: string;
  try {
    text = readSmallFile(path, LONGEST).trim();
  } catch (cause) {
    throw webIdentityFile(path, cause);
  }
  if (text === "") throw webIdentityFile(path, new Error("it is empty"));
  // Parts of it, too, since a message may repeat no more than its signature.
  learnSecrets(text, ...text.split(".").slice(1));
  if (!TOKEN.test(text)) throw webIdentityFile(path, new Error(symptom(text)));
  return text;
}

function symptom(text: string): string {
  if (/^[{[]/.test(text)) return "it holds JSON, not the token alone";
  return /^["']/.test(text) ? "it begins with a quote" : "it holds more than one line of a token";
}

/**
 * A role whose keys STS gives for a token of an OpenID Connect provider (EKS's IRSA, GitHub's OIDC). The file is read anew
 * each time, since whoever writes it replaces the token before it expires.
 *
 * @throws its fetch: Failure `web-identity-file` (253); of STS (252, 254, 255)
 */
export function webIdentitySource(given: WebIdentity, reach: StsReach, context: Context): CredentialSource {
  const { roleArn, name, place } = given;
  const path = shownTokenPath(given.tokenFile);
  const tokenFile = path ?? "***";
  const sessionName = sessionNameOf(given.sessionName ?? "") ?? defaultSessionName(context.env);
  const role = { roleArn, sessionName, from: name };
  return {
    description: { kind: "web-identity", name, place, path: tokenFile, roleArn },
    async fetch() {
      const token = readToken(path);
      context.debug(`assuming ${roleArn} as ${sessionName} with the token in ${tokenFile}`);
      const { credentials } = await (await reach()).assumeRoleWithWebIdentity(token, role, tokenFile);
      return { credentials: unexpiredKeys(credentials, role, context) };
    },
  };
}
