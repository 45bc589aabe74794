import type { LineGroup } from "./line.js";
import { awsTests } from "./lines/aws-tests.js";
import { copies } from "./lines/copy.js";
import { documentedLines } from "./lines/documented.js";
import { downloads } from "./lines/download.js";
import { recursiveDownloads } from "./lines/download-recursive.js";
import { lists } from "./lines/ls.js";
import { ownOptions } from "./lines/own.js";
import { streams } from "./lines/streams.js";
import { syncs } from "./lines/sync.js";
import { uploads } from "./lines/upload.js";
import { recursiveUploads } from "./lines/upload-recursive.js";
import { usage } from "./lines/usage.js";

/** Every command line that is run through the AWS CLI and through us. */
export const TABLE: readonly LineGroup[] = [
  ...downloads,
  ...recursiveDownloads,
  ...uploads,
  ...recursiveUploads,
  ...copies,
  ...streams,
  ...syncs,
  ...lists,
  ...usage,
  ...documentedLines,
  ...awsTests,
  ...ownOptions,
];
