import { DIFFERENCES, type Difference } from "../../test/parity/identity/differences.js";
import { SET_UPS } from "../../test/parity/identity/table.js";

function section([name, { why, setUps }]: [string, Difference]): string[] {
  const rows = Object.entries(setUps).map(([title, [aws, ours]]) => `| ${title} | ${aws} | ${ours} |`);
  return [`### ${name}`, "", why, "", "| set-up | AWS CLI | ours |", "|---|---|---|", ...rows, ""];
}

/** The part of docs/differences.md about credential sources, from the identity table. */
export function identitySection(): string[] {
  const differing = Object.values(DIFFERENCES).flatMap(({ setUps }) => Object.keys(setUps));
  return [
    "## Whose keys",
    "",
    `\`npm run test:parity\` also gives both programs ${SET_UPS.length} set-ups of variables, files, secrets and options, in a network where S3, STS,`,
    "the container's endpoint and the instance are one recorder, and compares whose keys signed, their token, the region, the",
    `host, and the requests to STS. ${SET_UPS.length - differing.length} come out the same. ${differing.length} differ on purpose, for the reasons below. A set-up is written down in`,
    "`test/parity/identity/set-ups` under its title; keys have the name of where they stand; `stops` is a failure before S3 is",
    "sent anything, and `assumed by base` a role's keys, asked for with those of `base`.",
    "",
    "Nothing is written to disk. The AWS CLI leaves the keys of an assumed role in `~/.aws/cli/cache`, which in a `RUN` becomes",
    "a part of the image's layer.",
    "",
    ...Object.entries(DIFFERENCES).flatMap(section),
  ];
}
