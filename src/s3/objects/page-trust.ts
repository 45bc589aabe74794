import { shortened } from "../../output/printable.js";
import type { ListQuery } from "../store.js";
import { type Listing, urlDecoded } from "./listing.js";

/** S3's, where none is asked for. */
export const MAX_KEYS = 1000;

/** What a text may stand for: stores encode what they repeat or do not, whatever EncodingType says. White space may be the document's. */
function readings(text: string): string[] {
  return [text, urlDecoded(text) ?? text].map((one) => one.trim());
}

/** Some stores put slashes around a prefix, or take them away. */
function withoutSlashes(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === "/") start++;
  while (end > start && text[end - 1] === "/") end--;
  return text.slice(start, end);
}

function repeats(said: string | undefined, own: string): boolean {
  return said === undefined || readings(said).includes(own.trim());
}

function repeatsPrefix(said: string | undefined, own: string): boolean {
  const bare = withoutSlashes(own.trim());
  return said === undefined || readings(said).some((one) => withoutSlashes(one) === bare);
}

/** Whether a page repeats what was asked, to the letter, as far as it repeats it at all. */
export function isMeant({ said }: Listing, { prefix, delimiter = "" }: ListQuery, token = ""): boolean {
  return repeats(said.prefix, prefix) && repeats(said.delimiter, delimiter) && repeats(said.token, token);
}

/** Of an access point, by its ARN or its alias, stores may give the bucket's name. */
const ACCESS_POINT = /^arn:|-s3alias$/;

function repeatsBucket(said: string | undefined, own: string): boolean {
  const name = said?.trim().toLowerCase() || undefined;
  return name === undefined || ACCESS_POINT.test(own) || name === own.toLowerCase();
}

/** How many entries make a page full. */
function fullPage({ said }: Listing, { pageSize = MAX_KEYS }: ListQuery): number {
  const own = Number(said.maxKeys?.trim() || MAX_KEYS);
  return own > 0 ? Math.min(own, pageSize) : pageSize;
}

/**
 * What a page says of itself that cannot be true of the one that was asked for: nothing is done by it.
 *
 * @returns undefined when there is nothing
 */
export function contradictionOf(page: Listing, query: ListQuery): string | undefined {
  const { said, objects, prefixes } = page;
  if (said.isTruncated === false && said.nextToken !== undefined)
    return "it says that it is complete, and names a next page";
  if (said.isTruncated === undefined && objects.length + prefixes.length >= fullPage(page, query))
    return "the page is full, and does not say whether another one follows";
  if (query.delimiter === undefined && (said.delimiter?.trim() || prefixes.length > 0))
    return "it is by folders, which was not asked for";
  if (!repeats(said.delimiter || undefined, query.delimiter ?? ""))
    return `it is by the delimiter ${shortened(said.delimiter ?? "")}, which was not asked for`;
  return said.prefix?.trim() && !repeatsPrefix(said.prefix, query.prefix)
    ? `it is of the prefix ${shortened(said.prefix)}, and ${query.prefix || "no prefix"} was asked for`
    : undefined;
}

/**
 * What speaks against a page, and is told of stores that list all the same.
 *
 * @returns words for `Nothing was deleted, because …`
 */
export function doubtOf(
  { said, objects, prefixes }: Listing,
  query: ListQuery,
  token = "",
): string | undefined {
  const entries = objects.length + prefixes.length;
  if (said.isTruncated === undefined) return "the listing does not say whether it is complete";
  const count = said.keyCount?.trim() || String(entries);
  if (Number(count) !== entries)
    return `the KeyCount of the listing is ${shortened(count)}, and it has ${entries === 1 ? "1 key" : `${entries} keys`}`;
  if (!repeatsPrefix(said.prefix, query.prefix))
    return "the listing repeats another prefix than was asked for";
  if (!repeatsBucket(said.bucket, query.bucket)) return "the listing names another bucket than was asked for";
  return repeats(said.token, token) ? undefined : "a page of the listing repeats another token than was sent";
}
