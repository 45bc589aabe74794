/** Whose settings count, and who said so: undefined when nobody did, and it is `default`. */
export interface ProfileInForce {
  readonly name: string;
  readonly namedBy: "--profile" | "AWS_PROFILE" | "AWS_DEFAULT_PROFILE" | undefined;
}

/**
 * The profile in force, in the AWS CLI's order; what is empty counts as not given.
 *
 * @param lookup  the value of a variable
 * @param option  `--profile`
 */
export function profileInForce(
  lookup: (name: string) => string | undefined,
  option: string | undefined,
): ProfileInForce {
  if (option) return { name: option, namedBy: "--profile" };
  for (const namedBy of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] as const) {
    const name = lookup(namedBy);
    if (name) return { name, namedBy };
  }
  return { name: "default", namedBy: undefined };
}
