import type { Context } from "../context.js";
import { TemporaryNames } from "./local/temporary-names.js";
import { S3Store } from "./s3-store.js";
import type { Store, StoreOptions } from "./store.js";

/** Opens the door to an S3 server; no request is made yet. */
export function openStore(options: StoreOptions, context: Context): Store {
  return new S3Store(options, context, new TemporaryNames(context.random, context.now));
}
