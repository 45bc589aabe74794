/**
 * What makes a URL as good as keys, by the name of its parameter: AWS's and Google's presigned ones in any text; names that
 * are also ordinary words only in a query (AWS's version 2, CloudFront, Azure). And a JSON Web Token,
 * as good as keys itself: its header begins with `{"`, in base64.
 */
const PARAMETER =
  /(?:x-(?:amz|goog)-(?:signature|credential|security-token)|(?<=[?&;])(?:signature|awsaccesskeyid|googleaccessid|key-pair-id|policy|sig))=([^&"'<>`\s]+)|(?<![\w-])eyJ[\w-]+\.[\w.-]+/gi;

/**
 * Where the values of presigned URLs, and tokens, stand in a text, first index and the one behind the last.
 *
 * @param text without its encodings
 * @param isBlank whether at an index, where `+` stands then, a blank is written
 */
export function* signaturesIn(
  text: string,
  isBlank: (index: number) => boolean,
): Generator<readonly [number, number]> {
  for (const { 0: match, 1: value = match, index } of text.matchAll(PARAMETER)) {
    const end = index + match.length;
    const start = end - value.length;
    let stop = start;
    while (stop < end && !isBlank(stop)) stop++;
    if (stop > start) yield [start, stop];
  }
}
