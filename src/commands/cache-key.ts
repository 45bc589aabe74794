import { CREDENTIAL_GROUPS, GENERAL_GROUP } from "../cli/credential-options.js";
import { CONNECTION_GROUP } from "../cli/s3-connection-options.js";
import { FILTER_OPTIONS } from "../cli/s3-transfer-options.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import { ExitCode } from "../failure.js";
import { parseS3Uri } from "../s3/locations/uri.js";
import { cacheKey } from "../s3/plan/cache-key.js";
import { openS3, untilSignal } from "./open-s3.js";
import { filtersOf } from "./options/filters.js";
import { pageSizeOption } from "./options/store-options.js";

const FILTER_GROUP: OptionGroup = { title: "cache-key", options: FILTER_OPTIONS };

export const cacheKeyVerb: Verb = {
  name: "cache-key",
  synopsis: "fetch-creds.js cache-key s3://BUCKET/KEY-OR-PREFIX … [options]",
  operands: { min: 1, max: 1000, names: ["s3://BUCKET/KEY-OR-PREFIX"] },
  groups: [FILTER_GROUP, CONNECTION_GROUP, ...CREDENTIAL_GROUPS, GENERAL_GROUP],
  description:
    "Pass it to a build as an argument: a layer that copies the objects is then rebuilt exactly when one of them is added, changed or removed. It is made from bucket, key, size and ETag, in any order of the listing.",
  examples: [
    "node fetch-creds.js cache-key s3://my-bucket/assets",
    'ASSETS="$(node fetch-creds.js cache-key s3://my-bucket/assets)" && docker build --build-arg ASSETS="$ASSETS" .',
  ],
  async run(invocation, context) {
    const request = {
      uris: invocation.operands.map(parseS3Uri),
      filters: filtersOf(invocation),
      pageSize: pageSizeOption(invocation),
    };
    const store = await openS3(invocation, context);
    if (store === undefined) return ExitCode.ok;
    return untilSignal(store, context, async () => {
      context.print(`${await cacheKey(store, request)}\n`);
      return ExitCode.ok;
    });
  },
};
