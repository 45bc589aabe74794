import type { Format } from "./format.js";
import { ini } from "./ini.js";
import { processJson } from "./process.js";
import { env, envNoExport, fish, powershell, windowsCmd } from "./shells.js";

/** The AWS CLI's format names (`aws configure export-credentials`), and `ini`. The first is the default. */
export const FORMATS: readonly [Format, ...Format[]] = [
  env,
  envNoExport,
  fish,
  powershell,
  windowsCmd,
  processJson,
  ini,
];
