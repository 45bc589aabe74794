import { expirationText } from "./expiration-text.js";
import { badSection, notRepresentable } from "./failures.js";
import type { Format } from "./format.js";
import { iniValue } from "./ini-value.js";

/** A section of an AWS credentials file. Keys that a reader does not know it passes over. */
export const ini: Format = {
  name: "ini",
  write: ({ accessKeyId, secretAccessKey, sessionToken, expiration }, { region, section }) => {
    if (iniValue(section) === undefined || /[[\]]/.test(section)) throw badSection();
    const keys: readonly (readonly [string, string | undefined])[] = [
      ["aws_access_key_id", accessKeyId],
      ["aws_secret_access_key", secretAccessKey],
      ["aws_session_token", sessionToken],
      ["aws_credential_expiration", expiration && expirationText(expiration)],
      ["region", region],
    ];
    const lines = keys.flatMap(([key, value]) => {
      if (value === undefined) return [];
      if (iniValue(value) === undefined) throw notRepresentable(key, "ini");
      return [`${key} = ${value}`];
    });
    return `${[`[${section}]`, ...lines].join("\n")}\n`;
  },
};
