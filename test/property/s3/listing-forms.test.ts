import fc from "fast-check";
import { expect, it } from "vitest";
import { parseListing } from "../../../src/s3/objects/listing.js";

/** Decides how a document is written: each question takes the next of these numbers. */
class Choices {
  #at = 0;
  constructor(private readonly numbers: readonly number[]) {}
  below(count: number): number {
    return (this.numbers[this.#at++ % this.numbers.length] ?? 0) % count;
  }
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");

/** One character or more of text, in one of the ways that XML has. */
function written(text: string, choices: Choices): string {
  switch (choices.below(5)) {
    case 0:
      return [...text].map((character) => `&#${character.codePointAt(0)};`).join("");
    case 1:
      return [...text].map((character) => `&#x${character.codePointAt(0)?.toString(16)};`).join("");
    case 2:
      return text.includes("]]>") || text.includes("\r") ? escaped(text) : `<![CDATA[${text}]]>`;
    default:
      return escaped(text);
  }
}

/** What may stand anywhere in a text and is none. */
function nothing(choices: Choices): string {
  return (
    ["", "", "", "<!-- <Key>no</Key> -->", "<?note <Key>no</Key>?>", "<![CDATA[]]>"][choices.below(6)] ?? ""
  );
}

function textOf(text: string, choices: Choices): string {
  const characters = [...text];
  const cut = choices.below(characters.length + 1);
  const [head, tail] = [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
  return `${nothing(choices)}${written(head, choices)}${nothing(choices)}${written(tail, choices)}`;
}

function between(choices: Choices): string {
  const blank = ["", "", "\n  ", "\r\n\t", " "][choices.below(5)] ?? "";
  return choices.below(4) === 0 ? `${blank}<!-- - -->${blank}` : blank;
}

type Content = string | readonly (readonly [name: string, content: Content])[];

/** None of them says anything to who reads a listing, in whatever order. */
const ATTRIBUTES = [
  ...["", "", "", " a='1'", ' xml:space = "preserve"\n', " b='&lt;>'"],
  ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"',
  " xmlns:s3 = 'http://s3.amazonaws.com/doc/2006-03-01/' a=\"/>\"",
  " a=\"/>\"\txmlns:s3='http://s3.amazonaws.com/doc/2006-03-01/'",
];

function element(name: string, content: Content, prefix: string, choices: Choices): string {
  const attributes = ATTRIBUTES[choices.below(ATTRIBUTES.length)] ?? "";
  const tag = `${prefix}${name}`;
  if (content.length === 0 && choices.below(2) === 0) return `<${tag}${attributes}/>`;
  const inner =
    typeof content === "string"
      ? textOf(content, choices)
      : shuffled(content, choices)
          .map(([child, value]) => between(choices) + element(child, value, prefix, choices))
          .join("") + between(choices);
  return `<${tag}${attributes}>${inner}</${tag}${choices.below(4) === 0 ? " " : ""}>`;
}

/** Entries keep their order, which means something; all else goes where it likes. */
function shuffled<T extends readonly [string, Content]>(list: readonly T[], choices: Choices): T[] {
  const isEntry = ([name]: T) => name === "Contents" || name === "CommonPrefixes";
  const entries = list.filter(isEntry);
  for (const field of list.filter((one) => !isEntry(one)))
    entries.splice(choices.below(entries.length + 1), 0, field);
  return entries;
}

const key = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.constantFrom("a&b", "<Key>", "]]>", "a%20b+", "\r\n", "&amp;", " x ", "-->", "\u0001"),
);
const object = fc.record({
  key,
  size: fc.nat(),
  lastModified: fc.integer({ min: 0, max: 4e9 }).map((seconds) => seconds * 1000),
  etag: fc.constantFrom('"e"', "", "<&>"),
  storageClass: fc.constantFrom("STANDARD", "GLACIER"),
});
const listing = fc.record({
  objects: fc.array(object, { maxLength: 4 }),
  prefixes: fc.array(key, { maxLength: 2 }),
  nextToken: fc.option(key, { nil: undefined }),
});

it("any well-formed form of a listing gives the same entries", () => {
  fc.assert(
    fc.property(
      listing,
      fc.boolean(),
      fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 60 }),
      (model, isUrl, numbers) => {
        const choices = new Choices(numbers);
        const encode = (text: string) => (isUrl ? encodeURIComponent(text).replaceAll("%20", "+") : text);
        const content: Content = [
          ["Name", "b"],
          ["Owner", [["ID", "x"]]],
          ["IsTruncated", String(model.nextToken !== undefined)],
          ...(model.nextToken === undefined ? [] : ([["NextContinuationToken", model.nextToken]] as const)),
          ...(isUrl ? ([["EncodingType", "url"]] as const) : []),
          ...model.objects.map(
            (one) =>
              [
                "Contents",
                [
                  ["Key", encode(one.key)],
                  ["Size", String(one.size)],
                  ["LastModified", new Date(one.lastModified).toISOString()],
                  ["ETag", one.etag],
                  ["StorageClass", one.storageClass],
                  ["Owner", [["Key", "no"]]],
                ],
              ] as const,
          ),
          ...model.prefixes.map((prefix) => ["CommonPrefixes", [["Prefix", encode(prefix)]]] as const),
        ];
        const prefix = ["", "s3:", "ns-1:"][choices.below(3)] ?? "";
        const start = ["", "\ufeff", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='utf-8' ?>\r\n"][
          choices.below(4)
        ];
        const xml = `${start}${between(choices)}${element("ListBucketResult", content, prefix, choices)}${between(choices)}`;
        const { nextToken, ...rest } = model;
        expect(parseListing(Buffer.from(xml))).toEqual({
          ...rest,
          ...(nextToken === undefined ? {} : { nextToken }),
          said: { bucket: "b", isTruncated: nextToken !== undefined, nextToken },
        });
        // What is cut anywhere is none: before its end tag is whole, for a comment behind it may be missing.
        const cut = xml.slice(0, choices.below(xml.lastIndexOf("</") + 2));
        expect(parseListing(Buffer.from(cut))).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});
