import { constants } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { Context } from "../context.js";
import { ExitCode } from "../failure.js";
import { holdsProfiles, mergeIni } from "../formats/merge-ini.js";
import { outputHoldsProfiles } from "../output/failures.js";
import { updateSecretFile } from "../output/secret-file.js";

/** What makes sections profiles. */
const PROFILE_SETTING = /^[ \t]*(?:aws_access_key_id|role_arn|sso_session|credential_process)[ \t]*[=:]/im;

/**
 * Writes credentials to the file that `--output` names. The file is made in one go: a signal that comes meanwhile ends us
 * when nothing half-made is left.
 *
 * @returns the exit code
 * @throws Failure (255); the file is then as it was before
 */
export async function writeCredentials(
  path: string,
  text: string,
  format: string,
  context: Context,
): Promise<number> {
  let received: NodeJS.Signals | undefined;
  const release = context.onSignal((signal) => {
    received ??= signal;
  });
  try {
    update(path, text, format, context);
    context.debug(`wrote ${path}`);
    // The event loop tells of a signal when it has gone round once.
    await setImmediate();
    await setImmediate();
  } finally {
    release();
  }
  return received === undefined ? ExitCode.ok : 128 + constants.signals[received];
}

/** A section goes into a file of profiles beside the others; every other format replaces the file, but none of profiles. */
function update(path: string, text: string, format: string, context: Context): void {
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
