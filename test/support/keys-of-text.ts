import type { Credentials } from "../../src/credentials/credentials.js";
import { parseCredentialsFile } from "../../src/credentials/credentials-file.js";
import { profileMissing } from "../../src/credentials/file-failures.js";
import { keysIn } from "../../src/credentials/profile-keys.js";
import { profilesOfText } from "../../src/profiles/profiles.js";

/** The keys that a file holds in any of its forms, of the profile where it has several. */
export function keysOfText(text: string, name = "default"): Credentials {
  const keys = parseCredentialsFile("F", text);
  if (keys !== undefined) return keys;
  const profiles = profilesOfText(text, "F");
  const profile = profiles.get(name);
  if (profile === undefined) throw profileMissing("F", name, profiles.names);
  const where = profile.inCredentials("aws_access_key_id") === undefined ? "inConfig" : "inCredentials";
  return keysIn(profile, where, name, "F");
}
