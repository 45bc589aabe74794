import { splitArn } from "../credentials/role-name.js";
import type { RoleSession } from "../credentials/sts.js";
import { ExitCode, Failure } from "../failure.js";
import { concealed } from "../output/concealed.js";
import { printable, shortened } from "../output/printable.js";
import type { ServerError } from "./server-error.js";
import { answeredWords, stsAnsweredError } from "./sts-failures.js";

/** Which token was to be exchanged for which role. */
export interface Exchange {
  readonly role: Pick<RoleSession, "roleArn" | "from">;
  readonly tokenFile: string;
  readonly token: string;
}

/** What a token says of itself (RFC 7519, 4.1), as far as it is text; none of it is secret. */
interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly sub?: string;
}

const ACTION = "AssumeRoleWithWebIdentity";

const shown = (text: string) => shortened(printable(concealed(text)));

/** Nothing of it is believed: it is for messages. */
function claimsOf(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    const { iss, aud, sub } = claims as Readonly<Record<string, unknown>>;
    const [audience] = Array.isArray(aud) ? aud : [aud];
    const texts = Object.entries({ iss, aud: audience, sub }).filter(
      ([, value]) => typeof value === "string",
    );
    return Object.fromEntries(texts.map(([name, value]) => [name, shown(value as string)]));
  } catch {
    return {};
  }
}

/** The line of the trust policy that lets this token in, ready to be pasted. */
function trust(
  roleArn: string,
  { iss = "https://ISSUER", aud = "AUDIENCE", sub = "SUBJECT" }: Claims,
): string {
  const { partition = "aws", account = "ACCOUNT" } = splitArn(roleArn) ?? {};
  const provider = iss.replace(/^https?:\/\//, "");
  return JSON.stringify({
    Effect: "Allow",
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
    Action: `sts:${ACTION}`,
    Condition: { StringEquals: { [`${provider}:aud`]: aud, [`${provider}:sub`]: sub } },
  });
}

/** What is wrong with the token, as STS' words tell. */
function aboutToken(message: string, { iss, aud }: Claims): string {
  const issuer = iss ?? "the token's issuer";
  if (/audience/i.test(message))
    return `the token is for the audience ${aud ?? "that its aud names"}: request one for an audience of the identity provider in IAM, usually sts.amazonaws.com`;
  if (/No OpenIDConnect provider/i.test(message))
    return `the role's account has no identity provider for ${issuer}: aws iam create-open-id-connect-provider --url ${issuer} --client-id-list ${aud ?? "sts.amazonaws.com"}`;
  if (/verification key|thumbprint|certificate/i.test(message))
    return `STS must find the keys of ${issuer}: its /.well-known/openid-configuration must be public, over https, and name them (jwks_uri)`;
  return "the file must contain a complete OpenID Connect ID token, not an access token";
}

interface Meaning {
  readonly id: string;
  readonly what: string;
  readonly hint: (exchange: Exchange, message: string) => string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ExpiredToken: {
    id: "web-identity-expired",
    what: "has expired",
    hint: () =>
      "write a new token to the file just before this step: EKS does that by itself, and GitHub's tokens are valid for minutes",
  },
  InvalidIdentityToken: {
    id: "web-identity-token",
    what: "is not accepted",
    hint: ({ token }, message) => aboutToken(message, claimsOf(token)),
  },
  IDPRejectedClaim: {
    id: "web-identity-token",
    what: "is not accepted",
    hint: () => "its issuer says that it is no longer valid: request a new one",
  },
  IDPCommunicationError: {
    id: "web-identity-provider",
    what: "could not be checked",
    hint: ({ token }) =>
      `STS did not reach ${claimsOf(token).iss ?? "the token's issuer"} in five tries: its /.well-known/openid-configuration must be public`,
  },
  AccessDenied: {
    id: "web-identity-denied",
    what: "is not trusted",
    hint: ({ role, token }) =>
      `the trust policy of ${printable(role.roleArn)} needs: ${trust(role.roleArn, claimsOf(token))}`,
  },
};

/**
 * What STS' refusal of AssumeRoleWithWebIdentity is to the user (AWS STS API Reference, AssumeRoleWithWebIdentity, and
 * the texts that STS really sends).
 */
export function webIdentityRefused(exchange: Exchange, origin: string, error: ServerError): Failure {
  const code = error.code.replace(/Exception$/, "");
  const meaning = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (meaning === undefined) return stsAnsweredError(ACTION, origin, error);
  const { role, tokenFile } = exchange;
  return new Failure(meaning.id, {
    message: `the token in ${printable(tokenFile)} ${meaning.what} for ${printable(role.roleArn)}: ${answeredWords(ACTION, origin, error)}`,
    hint: meaning.hint(exchange, error.message),
    exitCode: ExitCode.service,
    cause: error,
  });
}
