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
    `\`npm run test:parity\` also runs both programs with ${SET_UPS.length} combinations of variables, files, secrets and options, in a network where one`,
    "server records the requests to S3, STS, the container's endpoint and the instance. It compares whose keys signed, their token, the",
    `region, the host, and the requests to STS. ${SET_UPS.length - differing.length} have the same result. ${differing.length} differ on purpose, for the reasons below. The first column is`,
    "the title in `test/parity/identity/set-ups`. Keys are named after the place they come from; `stops` means a failure before any",
    "request to S3; `assumed by base` means the keys of a role that was assumed with those of `base`.",
    "",
    "fetch-creds writes no keys to disk. The AWS CLI caches the keys of an assumed role in `~/.aws/cli/cache`, which in a `RUN` becomes",
    "part of the image's layer.",
    "",
    ...Object.entries(DIFFERENCES).flatMap(section),
  ];
}
