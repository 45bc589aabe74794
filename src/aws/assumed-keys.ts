import type { Credentials } from "../credentials/credentials.js";
import { parseExpiration } from "../credentials/expiration.js";
import { accountOf, parseRoleArn, splitArn } from "../credentials/role-name.js";
import type { AssumedKeys, RoleSession } from "../credentials/sts.js";
import type { Failure } from "../failure.js";
import { learnSecrets } from "../output/concealed.js";
import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import { stsUnreadable } from "./sts-failures.js";
import { parseXml, type XmlElement } from "./xml/parse.js";

/** The one child of that name; undefined where there is none, or where there are two. */
function only(element: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = element?.children.filter((child) => child.name === name) ?? [];
  return found.length === 1 ? found[0] : undefined;
}

/** The text of the one child of that name, where it can be a header; else nothing. */
function textOf(element: XmlElement | undefined, name: string): string {
  const child = only(element, name);
  const text = child === undefined || child.children.length > 0 ? "" : child.text;
  return hasControlCharacter(text) || isBrokenText(text) ? "" : text;
}

/**
 * Whether a session's ARN is of the role that was asked for, and of our session: same partition, account and name. AWS tells
 * no path there; Ceph does.
 */
function isSessionOf(
  { roleArn, sessionName }: Pick<RoleSession, "roleArn" | "sessionName">,
  arn: string,
): boolean {
  const { form, partition, account, path, name } = splitArn(roleArn) ?? {};
  const begin = `arn:${partition}:sts::${account}:assumed-role/`;
  return (
    form === "role" && [`${name}`, `${path}${name}`].some((role) => arn === `${begin}${role}/${sessionName}`)
  );
}

const KEYS = ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"] as const;

function keysIn(element: XmlElement | undefined): Credentials | undefined {
  const [accessKeyId, secretAccessKey, sessionToken, date = ""] = KEYS.map((name) => textOf(element, name));
  learnSecrets(secretAccessKey, sessionToken);
  const expiration = parseExpiration(date);
  if (!accessKeyId || !secretAccessKey || !sessionToken || expiration === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

/**
 * The keys in STS' answer. One that lacks any of them, has two, or is about another role or session than was asked for is
 * not believed.
 */
export function readAssumedKeys(
  action: string,
  role: Pick<RoleSession, "roleArn" | "sessionName">,
  origin: string,
  body: Buffer,
): AssumedKeys | Failure {
  const root = parseXml(body.toString("utf8"));
  const result = root?.name === `${action}Response` ? only(root, `${action}Result`) : undefined;
  const keys = keysIn(only(result, "Credentials"));
  if (keys === undefined) return stsUnreadable(action, origin, `one each of ${KEYS.join(", ")}`);
  const arn = textOf(only(result, "AssumedRoleUser"), "Arn");
  if (!isSessionOf(role, arn))
    return stsUnreadable(action, origin, "the Arn of the role and session that were asked for");
  if (parseRoleArn(arn) === undefined) return { credentials: keys, arn };
  const accountId = accountOf(arn) as string;
  return { credentials: { ...keys, roleArn: arn, accountId }, arn };
}
