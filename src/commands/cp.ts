import { COPYING_GROUPS } from "../cli/s3-transfer-options.js";
import type { OptionGroup, Verb } from "../cli/verb.js";
import { parseRoute } from "../s3/locations/location.js";
import { copy } from "../s3/plan/cp.js";
import { runCopy } from "./copy-work.js";
import { copyOptions } from "./options/copy-options.js";
import { onlyWith } from "./options/failures.js";
import { numberOption, versionOption } from "./options/values.js";

export const CP_GROUP = {
  title: "cp",
  options: [
    {
      name: "recursive",
      summary: "Copy everything below a folder or a prefix: s3://BUCKET/p means what is below p/.",
    },
    { name: "raw", summary: "Do not treat * and ? in the source URI as wildcards." },
    { name: "version-id", value: "ID", summary: "Copy this version of the source object." },
    { name: "if-size-differ", summary: "Copy only if the sizes differ." },
    {
      name: "if-source-newer",
      summary: "Copy only if the source is newer. With --if-size-differ, either condition is enough.",
    },
    {
      name: "expected-size",
      value: "BYTES",
      summary: "Expected size of the stream; needed above 50 GB.",
    },
  ],
} as const satisfies OptionGroup;

/** A shell has put the names of files in the place of `*`. */
const SEVERAL = "several files are copied with their folder: --recursive --exclude '*' --include 'PATTERN'";

export const cpVerb: Verb = {
  name: "cp",
  synopsis: "fetch-creds.js cp SRC DST [options]",
  operands: {
    min: 2,
    max: 2,
    names: ["SRC", "DST"],
    shape: "each is s3://BUCKET/KEY, a path, or -",
    more: SEVERAL,
  },
  groups: [CP_GROUP, ...COPYING_GROUPS],
  description:
    "SRC and DST are s3://BUCKET/KEY, a path, or - for a stream; at least one of them is in S3. A download appears under its name only when it is complete and verified. * and ? in a source URI are wildcards.",
  examples: [
    "node fetch-creds.js cp s3://my-bucket/app/settings.json .",
    "node fetch-creds.js cp build s3://my-bucket/app/ --recursive",
  ],
  steps: [
    "node /fetch-creds.js cp s3://my-bucket/model.bin /opt/",
    "node /fetch-creds.js cp s3://my-bucket/assets /srv/assets --recursive --exclude '*.map'",
  ],
  async run(invocation, context) {
    const [source = "", target = ""] = invocation.operands;
    const recursive = invocation.flag("recursive");
    const route = parseRoute(source, target, recursive);
    const versionId = versionOption(invocation);
    if (versionId !== undefined && (recursive || route.direction === "upload")) {
      throw onlyWith("version-id", "a single object in S3 as the source");
    }
    const expectedSize = numberOption(invocation, "expected-size", 0);
    const raw = invocation.flag("raw") || versionId !== undefined;
    const options = copyOptions(invocation, route);
    return runCopy(invocation, context, { route, options }, (work) =>
      copy(work, { route, recursive, raw, versionId, expectedSize }),
    );
  },
};
