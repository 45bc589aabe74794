import type { Context } from "../context.js";
import { requireDescriptors } from "./local/descriptors.js";
import { TemporaryNames } from "./local/temporary-names.js";
import { S3Store } from "./s3-store.js";
import type { Store, StoreOptions } from "./store.js";

/**
 * Opens the door to an S3 server; no request is made yet.
 *
 * @throws Failure when too few files may be open for any
 */
export function openStore(options: StoreOptions, context: Context): Store {
  requireDescriptors();
  return new S3Store(options, context, new TemporaryNames(context));
}
