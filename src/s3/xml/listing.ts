import { isUtf8 } from "node:buffer";
import type { ListedObject, ListPage } from "../store.js";
import { childText, parseXml, type XmlElement } from "./parse.js";

export interface Listing extends ListPage {
  /** The next page's continuation token; undefined on the last one. */
  readonly nextToken?: string;
  /** What the page is an answer to, as far as it says so. */
  readonly asked: Asked;
}

/** What a page repeats of the request. */
export interface Asked {
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly token?: string | undefined;
}

/** Keys as the server has encoded them; undefined for what is no encoded text: no other key must be taken for it. */
type Decode = (text: string | undefined) => string | undefined;

const plain: Decode = (text) => text;

/** `encoding-type=url`: as forms have it, with `+` for a blank. */
const urlDecoded: Decode = (text) => {
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
  const key = decode(childText(element, "Key"));
  const size = sizeOf(childText(element, "Size"));
  const lastModified = Date.parse(childText(element, "LastModified")?.trim() ?? "");
  const etag = childText(element, "ETag");
  const storageClass = childText(element, "StorageClass");
  if (key === undefined || key === "" || size === undefined || Number.isNaN(lastModified)) return undefined;
  const restored = storageClass !== undefined && isRestored(element);
  return {
    key,
    size,
    lastModified,
    ...(etag === undefined ? {} : { etag }),
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(restored ? { restored } : {}),
  };
}

/** The token of the next page; "" when this is the last one, undefined when it is not clear which. */
function nextToken(root: XmlElement): string | undefined {
  const token = childText(root, "NextContinuationToken") ?? "";
  const truncated = childText(root, "IsTruncated")?.trim().toLowerCase() ?? (token === "" ? "false" : "");
  if (truncated === "true") return token === "" ? undefined : token;
  return truncated === "false" ? "" : undefined;
}

/** What stands in an entry, or in a list of them: under whatever other name, it is not to be taken for nothing. */
const ENTRY = /^(?:key|contents)$/i;

/**
 * Reads a page of ListObjectsV2.
 *
 * @returns undefined when the body is not such a page, not the whole of one, or has an entry that cannot be understood:
 *   what is not known must not be taken for what is not there
 */
export function parseListing(body: Buffer): Listing | undefined {
  const root = isUtf8(body) ? parseXml(body.toString()) : undefined;
  if (root?.name !== "ListBucketResult") return undefined;
  const token = nextToken(root);
  if (token === undefined) return undefined;
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
    } else if (child.children.some(({ name }) => ENTRY.test(name))) {
      return undefined;
    }
  }
  const asked = {
    prefix: decode(childText(root, "Prefix")),
    delimiter: decode(childText(root, "Delimiter")),
    token: childText(root, "ContinuationToken"),
  };
  return { objects, prefixes, asked, ...(token === "" ? {} : { nextToken: token }) };
}
