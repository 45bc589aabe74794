import { randomBytes } from "node:crypto";

/**
 * What CodeBuild's endpoint puts in the place of a role's ARN: an opaque text of some 400 characters that begins
 * `AQICAH`. Nobody but AWS can read it.
 */
export function codeBuildRoleArn(): string {
  return `AQICAH${randomBytes(290).toString("base64")}`;
}
