import type { Context } from "../context.js";
import { holdsProfiles, mergeIni } from "../formats/merge-ini.js";
import { outputHoldsProfiles } from "../output/failures.js";
import { updateSecretFile } from "../output/secret-file.js";

/** What makes sections profiles. */
const PROFILE_SETTING = /^[ \t]*(?:aws_access_key_id|role_arn|sso_session|credential_process)[ \t]*[=:]/im;

/**
 * Writes credentials to the file that `--output` names. A section goes into a file of profiles beside the others; every other
 * format replaces the file, but none that holds profiles.
 *
 * @throws Failure (255); the file is then as it was before
 */
export function writeCredentials(path: string, text: string, format: string, context: Context): void {
  updateSecretFile(
    path,
    (existing) => {
      if (existing === undefined) return text;
      if (format === "ini")
        return holdsProfiles(existing) ? Buffer.from(mergeIni(existing, text), "latin1") : text;
      if (holdsProfiles(existing) && PROFILE_SETTING.test(existing)) throw outputHoldsProfiles(path, format);
      return text;
    },
    context,
  );
}
