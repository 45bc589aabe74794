import { nearest } from "../output/nearest.js";

const withKeys = (command: string) => `With the role's keys: node fetch-creds.js exec -- aws ${command}`;

/** Commands of the AWS CLI that are none of ours, what people take for one, and what to do instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  aws: "Leave out 'aws s3': node fetch-creds.js cp, sync or ls",
  s3: "Leave out 's3': node fetch-creds.js cp, sync or ls",
  cat: "cp prints an object: node fetch-creds.js cp s3://BUCKET/KEY -",
  mv: `cp copies, and the AWS CLI moves. ${withKeys("s3 mv SRC DST")}`,
  rm: `sync --delete removes what the source does not have. ${withKeys("s3 rm s3://BUCKET/KEY")}`,
  presign: withKeys("s3 presign s3://BUCKET/KEY"),
  mb: withKeys("s3 mb s3://BUCKET"),
  rb: withKeys("s3 rb s3://BUCKET"),
  website: withKeys("s3 website s3://BUCKET"),
  s3api: withKeys("s3api COMMAND"),
  sts: "verify --sts asks STS whose keys these are.",
  du: "ls sums up: node fetch-creds.js ls s3://BUCKET/PREFIX --recursive --summarize --human-readable",
  help: "node fetch-creds.js --help",
  version: "node fetch-creds.js --version",
  configure: "Nothing is configured here: verify says whose keys are found, doctor what is wrong with them.",
};

/** Other tools' names for the same. */
const SAME: Readonly<Record<string, string>> = {
  get: "cp",
  put: "cp",
  copy: "cp",
  download: "cp",
  upload: "cp",
  mirror: "sync",
  list: "ls",
  dir: "ls",
  stat: "ls",
  env: "export",
  run: "exec",
  whoami: "verify",
  "get-caller-identity": "sts",
  move: "mv",
  delete: "rm",
  del: "rm",
  remove: "rm",
  signurl: "presign",
  login: "configure",
  print: "cat",
};

/**
 * What to do instead of a command that there is not: the one that does the same, the AWS CLI's, or the one that was misspelt.
 *
 * @param names  every command there is
 */
export function verbHint(given: string, names: readonly string[]): string {
  const all = `The commands are ${names.join(", ")}.`;
  const same = Object.hasOwn(SAME, given) ? (SAME[given] as string) : given;
  if (Object.hasOwn(INSTEAD, same)) return INSTEAD[same] as string;
  const meant = names.includes(same) ? same : nearest(given, names);
  return meant === undefined ? all : `Did you mean ${meant}? ${all}`;
}
