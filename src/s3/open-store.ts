import type { Context } from "../context.js";
import { TemporaryNames } from "./local/temporary-names.js";
import { S3Store } from "./s3-store.js";
import type { Store, StoreOptions } from "./store.js";
import { SecondThread } from "./threads/second-thread.js";
import { ThreadedStore } from "./threads/threaded-store.js";

/** Opens the door to an S3 server; no request is made yet. */
export function openStore(options: StoreOptions, context: Context): Store {
  const names = new TemporaryNames(context.random, context.now);
  const second = new SecondThread(options, names, context);
  return new ThreadedStore(new S3Store(options, context, names, second), second, names);
}
