import type { CP_GROUP } from "../commands/cp.js";
import type { EXEC_GROUP } from "../commands/exec.js";
import type { EXPORT_GROUP } from "../commands/export.js";
import type { LS_GROUP } from "../commands/ls.js";
import type { SYNC_GROUP } from "../commands/sync.js";
import type { VERIFY_GROUP } from "../commands/verify.js";
import type { STS_GROUP } from "./credential-options.js";
import type { COPYING_GROUPS } from "./s3-transfer-options.js";

type Groups =
  | (typeof COPYING_GROUPS)[number]
  | typeof CP_GROUP
  | typeof EXEC_GROUP
  | typeof EXPORT_GROUP
  | typeof LS_GROUP
  | typeof STS_GROUP
  | typeof SYNC_GROUP
  | typeof VERIFY_GROUP;

type Spec = Groups["options"][number];

/** Every option that some verb's table has: a name that none has does not compile. */
export type OptionName = Spec["name"];

/** Those that take a value. */
export type ValueName = Extract<Spec, { readonly value: string }>["name"];

/** A default that can be switched off and on again: `--no-progress`, `--progress`. */
export type SwitchName = {
  [Name in OptionName]: Name extends `no-${infer On}` ? Extract<On, OptionName> : never;
}[OptionName];
