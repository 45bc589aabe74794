import { isUtf8 } from "node:buffer";
import { childText, parseXml, type XmlElement } from "../../aws/xml/parse.js";
import { readDate } from "../../http/date.js";
import type { ListedObject, ListPage } from "../store.js";

export interface Listing extends ListPage {
  /** The next page's continuation token; undefined on the last one. */
  readonly nextToken?: string;
  readonly said: Said;
}

/** What a page says of itself, each as it stands there; undefined where it does not. */
export interface Said {
  /** Name, the bucket's. */
  readonly bucket: string | undefined;
  readonly prefix: string | undefined;
  readonly delimiter: string | undefined;
  /** ContinuationToken, which the request had. */
  readonly token: string | undefined;
  readonly isTruncated: boolean | undefined;
  /** NextContinuationToken; never empty. */
  readonly nextToken: string | undefined;
  readonly maxKeys: string | undefined;
  readonly keyCount: string | undefined;
}

/** Keys as the server has encoded them; undefined for what is no encoded text: no other key must be taken for it. */
type Decode = (text: string | undefined) => string | undefined;

const plain: Decode = (text) => text;

/** `encoding-type=url`: as forms have it, with `+` for a blank. */
export const urlDecoded: Decode = (text) => {
  if (text === undefined || !/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    return undefined;
  }
};

/** Undefined when the text is no number of bytes. */
function sizeOf(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? "";
  if (!/^\d{1,16}$/.test(digits)) return undefined;
  const size = Number(digits);
  return Number.isSafeInteger(size) ? size : undefined;
}

function isRestored({ children }: XmlElement): boolean {
  const status = children.find(({ name }) => name === "RestoreStatus");
  return childText(status, "RestoreExpiryDate") !== undefined;
}

function listedObject(element: XmlElement, decode: Decode): ListedObject | undefined {
  // Of two keys, one would be taken for what is not there.
  if (element.children.filter(({ name }) => name === "Key").length > 1) return undefined;
  const key = decode(childText(element, "Key"));
  const size = sizeOf(childText(element, "Size"));
  const time = childText(element, "LastModified")?.trim();
  const lastModified = readDate(time);
  const etag = childText(element, "ETag");
  const storageClass = childText(element, "StorageClass");
  if (key === undefined || key === "" || size === undefined) return undefined;
  // Some stores tell none; what cannot be read is another matter.
  if (time && lastModified === undefined) return undefined;
  const restored = storageClass !== undefined && isRestored(element);
  return {
    key,
    size,
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(etag === undefined ? {} : { etag }),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(restored ? { restored } : {}),
  };
}

/** @returns "unclear" for what is neither true nor false, or is said in two ways */
function truncation({ children }: XmlElement): boolean | undefined | "unclear" {
  const texts = children.filter(({ name }) => name === "IsTruncated").map(({ text }) => text);
  const [first, ...others] = texts.map((text) => text.trim().toLowerCase());
  if (first === undefined) return undefined;
  if ((first !== "true" && first !== "false") || others.some((other) => other !== first)) return "unclear";
  return first === "true";
}

/** @returns undefined when it is not clear whether another page follows, or which */
function readSaid(root: XmlElement): Said | undefined {
  const isTruncated = truncation(root);
  const nextToken = childText(root, "NextContinuationToken") || undefined;
  if (isTruncated === "unclear") return undefined;
  const isClear =
    isTruncated === undefined ? nextToken === undefined : !isTruncated || nextToken !== undefined;
  if (!isClear) return undefined;
  return {
    bucket: childText(root, "Name"),
    prefix: childText(root, "Prefix"),
    delimiter: childText(root, "Delimiter"),
    token: childText(root, "ContinuationToken"),
    isTruncated,
    nextToken,
    maxKeys: childText(root, "MaxKeys"),
    keyCount: childText(root, "KeyCount"),
  };
}

/** What stands in an entry, or in a list of them: under whatever other name, it is not to be taken for nothing. */
const ENTRY = /^(?:key|contents)$/i;

function holdsEntry({ children }: XmlElement): boolean {
  return children.some((child) => ENTRY.test(child.name) || holdsEntry(child));
}

/**
 * Reads a page of ListObjectsV2.
 *
 * @returns undefined when the body is not such a page, not the whole of one, or has an entry that cannot be understood:
 *   what is not known must not be taken for what is not there
 */
export function parseListing(body: Buffer): Listing | undefined {
  const root = isUtf8(body) ? parseXml(body.toString()) : undefined;
  if (root?.name !== "ListBucketResult") return undefined;
  const said = readSaid(root);
  if (said === undefined) return undefined;
  const decode = childText(root, "EncodingType")?.trim() === "url" ? urlDecoded : plain;
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  for (const child of root.children) {
    if (child.name === "Contents") {
      const object = listedObject(child, decode);
      if (object === undefined) return undefined;
      objects.push(object);
    } else if (child.name === "CommonPrefixes") {
      const found = child.children.filter(({ name }) => name === "Prefix").map(({ text }) => decode(text));
      if (found.length === 0 || found.some((prefix) => !prefix)) return undefined;
      prefixes.push(...(found as string[]));
    } else if (holdsEntry(child)) {
      return undefined;
    }
  }
  const { isTruncated, nextToken } = said;
  return { objects, prefixes, said, ...(isTruncated && nextToken ? { nextToken } : {}) };
}
