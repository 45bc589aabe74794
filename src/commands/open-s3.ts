import { constants } from "node:os";
import type { Invocation } from "../cli/invocation.js";
import { note } from "../cli/say.js";
import type { Context } from "../context.js";
import type { Notice } from "../output/notice.js";
import { openStore } from "../s3/open-store.js";
import type { Store } from "../s3/store.js";
import { keysOf } from "./keys-of.js";
import { openProvider } from "./open-provider.js";
import { credentialOptions } from "./options/credential-options.js";
import { type Connection, connectionOf, isUnsigned, storeOptions } from "./options/store-options.js";
import { cancelled } from "./s3-notices.js";
import { withNotice } from "./whose-notices.js";

/** Longest time to clean up in after a signal; then the process ends all the same. */
const CLEAN_UP_MS = 1700;

/** A store, and what is to be said of whose keys it uses. */
interface OpenedStore extends Store {
  /** Of keys that the AWS CLI would use in their place. */
  readonly passedOver?: Notice | undefined;
}

/**
 * Opens the store that the command line means.
 *
 * @returns undefined when there are no credentials and `--if-available` allows it
 * @throws Failure as openProvider, and 252 for options that make no sense
 */
export async function openS3(
  invocation: Invocation,
  context: Context,
  // Wrong options are told before anybody is asked for credentials.
  connection: Connection = connectionOf(invocation, context),
): Promise<OpenedStore | undefined> {
  if (isUnsigned(invocation)) return openStore(storeOptions(connection), context);
  const options = await credentialOptions(invocation, context, connection);
  const opened = await openProvider(options, invocation.verb, context);
  if (opened === undefined) return undefined;
  const { provider, description, arns } = opened;
  const store = openStore(
    { ...storeOptions(connection, provider, arns), keysOf: keysOf(description, options.search) },
    context,
  );
  return Object.assign(store, { passedOver: opened.passedOver });
}

/**
 * Runs `work` until it ends or a signal comes: then the store removes its temporary files and aborts its uploads, and
 * the exit code is 128 + the signal's number.
 *
 * @param interrupted called first at a signal: nothing new is started, nothing more is said
 * @param quiet not even that it was cancelled
 */
export async function untilSignal(
  store: OpenedStore,
  context: Context,
  work: () => Promise<number>,
  interrupted: () => void = () => undefined,
  quiet = false,
): Promise<number> {
  const { passedOver } = store;
  let release = (): void => undefined;
  let stopped = false;
  const signalled = new Promise<number>((resolve) => {
    release = context.onSignal((signal) => {
      if (stopped) return;
      stopped = true;
      interrupted();
      // A reader that has had enough is no news.
      if (signal !== "SIGPIPE" && !quiet) context.stderr.write(`${cancelled(signal).message}\n`);
      const code = 128 + constants.signals[signal];
      const cleaned = store.abort(new Error(`${signal} received`)).catch(() => undefined);
      Promise.race([cleaned, context.sleep(CLEAN_UP_MS)]).then(() => resolve(code));
    });
  });
  // How the work ends after a signal is the signal's doing.
  const working = work().then(
    (code) => (stopped ? signalled : code),
    (error) => {
      if (stopped) return signalled;
      throw withNotice(error, passedOver);
    },
  );
  try {
    const code = await Promise.race([working, signalled]);
    if (passedOver !== undefined && !quiet && !stopped) note(passedOver, context);
    return code;
  } finally {
    release();
    // After a signal nothing is waited for any longer.
    if (!stopped) await store.close();
  }
}
