const REGION = /^(?!\d+$)(?!-)[A-Za-z0-9-]{1,63}$/;

/** Whether a text can be a region: a label of a host name, and not a number (botocore's validate_region_name). */
export function isRegion(text: string): boolean {
  return REGION.test(text) && !text.endsWith("-");
}
