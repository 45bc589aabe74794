import type { Invocation } from "../../cli/invocation.js";
import { Filters } from "../../s3/filters/filters.js";

/** `--include` and `--exclude`, in their order. */
export function filtersOf({ options }: Invocation): Filters {
  return new Filters(
    options.flatMap(({ name, value }) =>
      (name === "include" || name === "exclude") && value !== undefined
        ? [{ includes: name === "include", pattern: value }]
        : [],
    ),
  );
}
