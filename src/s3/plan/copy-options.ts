import type { Filters } from "../filters/filters.js";
import type { CopyParameters, ReadParameters, WriteParameters } from "../store.js";

export type CaseConflictRule = "ignore" | "skip" | "warn" | "error";

/** When a target that is there already is left alone. */
export interface OverwriteRule {
  readonly noOverwrite: boolean;
  readonly ifSizeDiffer: boolean;
  readonly ifSourceNewer: boolean;
}

/** What cp and sync share: options without their names and spelling. */
export interface CopyOptions {
  readonly filters: Filters;
  readonly read: ReadParameters;
  readonly write: WriteParameters;
  readonly copy: CopyParameters;
  /** Give each upload the content type of its name. */
  readonly guessContentType: boolean;
  readonly overwrite: OverwriteRule;
  readonly caseConflict: CaseConflictRule;
  readonly dryRun: boolean;
  readonly followSymlinks: boolean;
  readonly forceGlacierTransfer: boolean;
  readonly ignoreGlacierWarnings: boolean;
  /** Keys a page of a listing. */
  readonly pageSize: number | undefined;
}
