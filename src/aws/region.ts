const REGION = /^(?!\d+$|-|xn--)[a-z0-9-]{1,63}$/i;

/**
 * Whether a text can be a region: a label of a host name, and not a number (botocore's validate_region_name). No URL has a
 * label that begins with `xn--` and is no encoded word.
 */
export function isRegion(text: string): boolean {
  return REGION.test(text) && !text.endsWith("-");
}
