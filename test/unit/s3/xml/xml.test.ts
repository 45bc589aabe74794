import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseListing } from "../../../../src/s3/xml/listing.js";
import { childText, parseXml, unescapeXml } from "../../../../src/s3/xml/parse.js";

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

describe("parseXml", () => {
  it("reads an error of S3", () => {
    const xml = parseXml(
      '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><Error a="b"><Code>NoSuchKey</Code><Empty/><Message>a &lt;b&gt; &#x41;&#66;<![CDATA[<&]]></Message></Error>\n',
    );
    expect(xml?.name).toBe("Error");
    expect(childText(xml, "Message")).toBe("a <b> AB<&");
    expect(childText(xml, "Empty")).toBe("");
    expect(childText(xml, "Other")).toBeUndefined();
  });

  it.each(["", "plain", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a><", "<a>".repeat(50) + "</a>".repeat(50)])(
    "refuses %j",
    (text) => expect(parseXml(text)).toBeUndefined(),
  );

  it("never throws, and gives back what was escaped", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseXml(text)));
    fc.assert(
      fc.property(fc.stringMatching(/^[^\0\r]*$/), (text) => {
        expect(parseXml(`<a>${escaped(text)}</a>`)?.text).toBe(text);
      }),
    );
  });

  it("leaves unknown entities alone", () => {
    expect(unescapeXml("&nbsp;&amp;&#x110000;")).toBe("&nbsp;&&#x110000;");
  });

  it("reads each entity once", () => {
    expect(unescapeXml("&amp;quot;&quot;&#x26;quot;")).toBe('&quot;"&quot;');
  });
});

const entry = (key: string, more = "") =>
  `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size>${more}</Contents>`;
const page = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${body}</ListBucketResult>`;

describe("parseListing", () => {
  it("reads entries, prefixes and the token, wherever it stands", () => {
    const fields = "<IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken>";
    const entries = `${entry("a&amp;b", "<StorageClass>GLACIER</StorageClass><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-02-01T00:00:00Z</RestoreExpiryDate></RestoreStatus>")}<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>`;
    for (const body of [fields + entries, entries + fields])
      expect(parseListing(page(body))).toEqual({
        objects: [
          {
            key: "a&b",
            size: 7,
            lastModified: Date.parse("2026-01-02T03:04:05Z"),
            etag: '"e"',
            storageClass: "GLACIER",
            restored: true,
          },
        ],
        prefixes: ["p/"],
        nextToken: "t&1",
      });
  });

  it("decodes keys when the server says that it encoded them, and only then", () => {
    expect(parseListing(page(entry("a+b%20%25")))?.objects[0]?.key).toBe("a+b%20%25");
    expect(parseListing(page(`<EncodingType>url</EncodingType>${entry("a+b%20%25")}`))?.objects[0]?.key).toBe(
      "a b %",
    );
    expect(parseListing(page(`<EncodingType>url</EncodingType>${entry("%ff")}`))?.objects[0]?.key).toBe(
      "%ff",
    );
  });

  it.each([
    "",
    "<html></html>",
    page(entry("a")).slice(0, -5),
    page("<Contents><Key>a</Key></Contents>"),
    page("<Contents><Key>a</Key>"),
    page("<IsTruncated>true</IsTruncated>"),
    page(entry("a").replace("<Size>7", "<Size>x")),
  ])("refuses %j", (text) => expect(parseListing(text)).toBeUndefined());

  it("reads an empty page", () => {
    expect(parseListing(page("<IsTruncated>false</IsTruncated>"))).toEqual({ objects: [], prefixes: [] });
  });
});
