import { COPYING_GROUPS } from "../cli/s3-transfer-options.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import { parseRoute } from "../s3/locations/location.js";
import { checkApart } from "../s3/plan/overlap.js";
import { sync } from "../s3/plan/sync.js";
import { runCopy } from "./copy-work.js";
import { copyOptions } from "./options/copy-options.js";

export const SYNC_GROUP = {
  title: "sync",
  options: [
    {
      name: "delete",
      summary:
        "Delete from the destination what the source does not have. What a filter leaves out is never deleted.",
    },
    { name: "size-only", summary: "Compare sizes only, not times." },
    {
      name: "exact-timestamps",
      summary: "Downloads: copy also if the sizes are equal but the times differ.",
    },
  ],
} as const satisfies OptionGroup;

export const syncVerb: Verb = {
  name: "sync",
  synopsis: "fetch-creds.js sync SRC DST [options]",
  operands: {
    min: 2,
    max: 2,
    names: ["SRC", "DST"],
    shape: "each is s3://BUCKET/PREFIX or a folder",
    more: "some files of a folder: --exclude '*' --include 'PATTERN'",
  },
  without: { recursive: "sync copies all that is below by itself: leave it out." },
  groups: [SYNC_GROUP, ...COPYING_GROUPS],
  description:
    "Makes DST like SRC; at least one of them is s3://BUCKET/PREFIX. Copies a file if it is missing, its size differs, or the source is newer (for a download: if the local file is newer than the object). With --delete, deletes after all copies are done; nothing if a copy failed, a folder could not be read, a listing was incomplete or contradictory, or a source in S3 is empty. An empty folder as the source deletes everything, as with aws s3 sync.",
  examples: ["node fetch-creds.js sync s3://my-bucket/app/assets ./assets --delete"],
  steps: [
    "--mount=type=cache,target=/cache node /fetch-creds.js sync s3://my-bucket/wheels /cache/wheels --delete",
  ],
  async run(invocation, context) {
    const [source = "", target = ""] = invocation.operands;
    const route = parseRoute(source, target, true);
    const options = copyOptions(invocation, route);
    if (invocation.flag("delete")) checkApart(route, options.filters);
    return runCopy(invocation, context, { route, options }, (work) =>
      sync(work, {
        route,
        delete: invocation.flag("delete"),
        sizeOnly: invocation.flag("size-only"),
        exactTimestamps: invocation.flag("exact-timestamps"),
      }),
    );
  },
};
