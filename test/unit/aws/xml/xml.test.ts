import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childText, parseXml } from "../../../../src/aws/xml/parse.js";
import { unescapeXml } from "../../../../src/aws/xml/unescape.js";
import { parseListing } from "../../../../src/s3/objects/listing.js";
import { expectLinear } from "../../../support/time-growth.js";

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

  it.each([
    ["<a/>", ""],
    ["\ufeff<a>x</a>", "x"],
    [' \n<?xml version="1.0"?><a>x</a>', "x"],
    ['<?xml version="1.0" encoding="utf-8"?><a>x</a>', "x"],
    ["<a>x</a >\n<!-- c --><?p i?>\n", "x"],
    ["<!DOCTYPE a><a>x</a>", "x"],
    ['<?xml version="1.0"?><a>\u00e9</a>', "\u00e9"],
    ['<?xml version="1.0" encoding="UTF-8"?><a>\u00e9</a>', "\u00e9"],
    ["<?xml version='1.0' encoding='ISO-8859-1'?><a>x</a>", "x"],
    ["<p:a xmlns:p='u' p:b=\"1\">x</p:a>", "x"],
    ["<a b = '>' c=\"/>\">x</a>", "x"],
    ["<a>1<!-- <b> -->2<?p <b> ?>3</a>", "123"],
    ["<a><![CDATA[]]><![CDATA[]]]]><![CDATA[>&amp;]]></a>", "]]>&amp;"],
    ["<a>x\r\ny\rz</a>", "x\ny\nz"],
    ["<a>&#0000000065;&#x00000042;</a>", "AB"],
    ["<a>&#13;&#xd;&#x0041;&#00066;&#128512;</a>", "\r\rAB😀"],
    ["<a>]] ></a>", "]] >"],
    ['\ufeff<?xml version="1.0" encoding="utf-16"?><a>x</a>', "x"],
    ["<a>&#1;&#xd7ff;&#xe000;&#x10ffff;</a>", "\u0001\ud7ff\ue000\u{10ffff}"],
    ["<a>&apos;&quot;&amp;&lt;&gt;</a>", "'\"&<>"],
  ])("reads %j", (text, expected) => expect(parseXml(text)?.text).toBe(expected));

  it.each([
    "",
    "plain",
    "x<a/>",
    "<a/>x",
    "<a>",
    "<a></b>",
    "<a></a",
    "</a>",
    "<a/><b/>",
    "<a>x</a><b>y</b>",
    "<a/></>",
    "</><a/>",
    "<a></a b>",
    "<r><a>x</b></r>",
    "<a><",
    "<p:a></a>",
    "<p:a></q:a>",
    "< a/>",
    "<a / >",
    "<1/>",
    "<a b/>",
    "<a b=c/>",
    '<a b="1" b="2"/>',
    '<a b="1"c="2"/>',
    '<a b="<"/>',
    '<a b="&x;"/>',
    '<a b="1/>',
    "<a>&nbsp;</a>",
    "<a>&</a>",
    "<a>&#0;</a>",
    "<a>&#xd800;</a>",
    "<a>&#xdfff;</a>",
    "<a>&#x110000;</a>",
    "<a>&#99999999999;</a>",
    "<a>&#00000000065;</a>",
    "<a>&#x000000042;</a>",
    "<a>]]></a>",
    "<a><![CDATA[x</a>",
    "<![CDATA[x]]><a/>",
    "<a><!-- x </a>",
    "<a><!-- -- --></a>",
    "<a><?x </a>",
    "<a><? x?></a>",
    "<a><?xml version='1.0'?></a>",
    "<?xml encoding='ISO-8859-1'?><a>\u00e9</a>",
    `<?xml encoding${" ".repeat(20)}=${" ".repeat(20)}'ISO-8859-1'?><a>\u00e9</a>`,
    "<?xml encoding='ISO-8859-1'?><a>\ufeff</a>",
    '\ufeff<?xml version="1.0" encoding="utf-16"?><a>\u00e9</a>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "<!DOCTYPE a []><a/>",
    "<!-- x --><?xml version='1.0'?><a/>",
    "<a/><?xml version='1.0'?>",
    "<a><!DOCTYPE a></a>",
    "<a/><!DOCTYPE a>",
    "<!ELEMENT a>",
    "<!ELEMENT a><a/>",
    `${"<a>".repeat(50)}${"</a>".repeat(50)}`,
  ])("refuses %j", (text) => expect(parseXml(text)).toBeUndefined());

  it.each([
    ["a leaf", "<b>x</b>"],
    ["one with an attribute", '<b c="d">x</b>'],
    ["an empty one", "<b/>"],
  ])("reads elements 32 deep, and no deeper: %s", (_what, inner) => {
    const nested = (depth: number) => `${"<a>".repeat(depth - 1)}${inner}${"</a>".repeat(depth - 1)}`;
    expect(parseXml(nested(32))?.name).toBe("a");
    expect(parseXml(nested(33))).toBeUndefined();
  });

  it("takes no fault of ours for one of the text's", () => {
    expect(() => parseXml(7 as never)).toThrow(TypeError);
  });

  it("never throws, and gives back what was escaped", () => {
    const markup = fc.constantFrom(
      "<",
      ">",
      "&",
      "/",
      "!",
      "?",
      "[",
      "]]>",
      "--",
      '"',
      "=",
      "a",
      ":",
      " ",
      ";",
      "#",
    );
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parseXml(text)));
    fc.assert(fc.property(fc.array(markup, { maxLength: 40 }), (parts) => void parseXml(parts.join(""))));
    fc.assert(
      fc.property(fc.stringMatching(/^[^\0\r]*$/), (text) => {
        expect(parseXml(`<a>${escaped(text)}</a>`)?.text).toBe(text);
      }),
    );
  });

  it("reads each entity once", () => {
    expect(unescapeXml("&amp;quot;&quot;&#x26;quot;")).toBe('&quot;"&quot;');
  });

  it.each([
    ["a tag without end", (size: number) => `<a ${"b ".repeat(size / 2)}`],
    ["blanks in a tag", (size: number) => `<a${" ".repeat(size)}<`],
    [
      "attributes",
      (size: number) => `<a ${Array.from({ length: size / 8 }, (_, i) => `a${i}="x"`).join(" ")}/>`,
    ],
    ["a value without end", (size: number) => `<a b="${"x".repeat(size)}`],
    ["open comments", (size: number) => `<a>${"<!-".repeat(size / 3)}`],
    ["hyphens", (size: number) => `<a><!--${"-".repeat(size)}`],
    ["open sections", (size: number) => `<a>${"<![CDATA[".repeat(size / 9)}`],
    ["blanks in a declaration", (size: number) => `<?xml encoding${" ".repeat(size)}`],
    ["declared encodings", (size: number) => `<?xml${" encoding".repeat(size / 9)}?><a/>`],
    ["open instructions", (size: number) => `<a>${"<?x ".repeat(size / 4)}`],
    ["instructions", (size: number) => `${"<?x y?>".repeat(size / 7)}<a/>`],
    ["white space before the root", (size: number) => `${" ".repeat(size)}<a/>`],
    ["white space before an end", (size: number) => `<a></a${" ".repeat(size)}`],
    ["leaves", (size: number) => `<a>${"<b>c</b>".repeat(size / 8)}</a>`],
    ["leaves that do not end", (size: number) => `<a>${"<b>c".repeat(size / 4)}`],
    ["one long leaf", (size: number) => `<a><b>${"c".repeat(size)}`],
    ["ampersands", (size: number) => `<a>${"&".repeat(size)}</a>`],
    ["references", (size: number) => `<a>${"&#65;".repeat(size / 5)}</a>`],
    ["digits", (size: number) => `<a>&#${"6".repeat(size)}`],
    ["line ends", (size: number) => `<a>${"\r".repeat(size)}</a>`],
    ["names", (size: number) => `<${"a".repeat(size)}`],
    ["prefixes", (size: number) => `<${"a:".repeat(size / 2)}>`],
  ])("takes time in proportion to the text: %s", (_name, input) => expectLinear(input, parseXml));
});

const entry = (key: string, more = "") =>
  `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size>${more}</Contents>`;
const page = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${body}</ListBucketResult>`;
const read = (text: string) => parseListing(Buffer.from(text));

describe("parseListing", () => {
  it("reads entries, prefixes and the token, wherever it stands", () => {
    const fields = "<IsTruncated>true</IsTruncated><NextContinuationToken>t&amp;1</NextContinuationToken>";
    const entries = `${entry("a&amp;b", "<StorageClass>GLACIER</StorageClass><RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>2026-02-01T00:00:00Z</RestoreExpiryDate></RestoreStatus>")}<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>`;
    for (const body of [fields + entries, entries + fields])
      expect(read(page(body))).toEqual({
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
        said: { bucket: "b", isTruncated: true, nextToken: "t&1" },
        nextToken: "t&1",
      });
  });

  it.each([
    ["<![CDATA[a&b]]>", "a&b"],
    ["a<!-- c -->b", "ab"],
    ["a&#x1;b", "a\u0001b"],
    ["a<?p i?>b", "ab"],
  ])("reads the key %s", (raw, key) => expect(read(page(entry(raw)))?.objects[0]?.key).toBe(key));

  it("decodes keys when the server says that it encoded them, and only then", () => {
    const url = "<EncodingType>url</EncodingType>";
    expect(read(page(entry("a+b%20%25")))?.objects[0]?.key).toBe("a+b%20%25");
    expect(read(page(url + entry("a+b%20%25")))?.objects[0]?.key).toBe("a b %");
    expect(read(page(entry("a+b%20%25") + url))?.objects[0]?.key).toBe("a b %");
  });

  it.each(["%ff", "%", "%zz", "%ed%a0%80", "a%2"])(
    "takes the key %s, which is no encoded one, for no other",
    (key) => {
      expect(read(page(`<EncodingType>url</EncodingType>${entry(key)}`))).toBeUndefined();
      const prefix = `<CommonPrefixes><Prefix>${key}</Prefix></CommonPrefixes>`;
      expect(read(page(`<EncodingType>url</EncodingType>${prefix}`))).toBeUndefined();
    },
  );

  it.each([
    "",
    "<html></html>",
    page(entry("a")).slice(0, -5),
    page(entry("a")).slice(0, -300),
    page("<Contents><Key>a</Key></Contents>"),
    page("<Contents><Key>a</Key>"),
    page("<Contents/>"),
    page(entry("")),
    page(entry("a").replace("Key>", "key>").replace("</Key>", "</key>")),
    page("<CommonPrefixes/>"),
    page("<CommonPrefixes><Prefix/></CommonPrefixes>"),
    page("<IsTruncated>true</IsTruncated>"),
    page("<IsTruncated>yes</IsTruncated>"),
    page("<IsTruncated>true</IsTruncated><IsTruncated>false</IsTruncated>"),
    page("<IsTruncated>false</IsTruncated><IsTruncated>true</IsTruncated>"),
    page(entry("a</Key><Key>b")),
    page(`<List><Page>${entry("a")}</Page></List>`),
    page("<NextContinuationToken>t</NextContinuationToken>"),
    page(entry("a&nbsp;b")),
    page(entry("a<b>c</b>").replace("</b>", "")),
    `<Wrapped>${page(entry("a")).slice(39)}</Wrapped>`,
    ...["x", "", "0x10", "1e1", "-1", "+1", "1.0", "7 7", "9007199254740993", "Infinity"].map((size) =>
      page(entry("a").replace("<Size>7", `<Size>${size}`)),
    ),
    page(entry("a").replace("<Size>7</Size>", "")),
    page(entry("a").replace(/(<LastModified>).*(?=<\/LastModified>)/, "$1soon")),
  ])("refuses %j", (text) => expect(read(text)).toBeUndefined());

  it("refuses what is no UTF-8", () => {
    const [before = "", after = ""] = page(entry("KEY")).split("KEY");
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0x61, 0xff]), Buffer.from(after)]);
    expect(parseListing(bytes)).toBeUndefined();
  });

  it("reads an empty page", () => {
    const empty = (said: object) => ({ objects: [], prefixes: [], said });
    expect(read(page("<IsTruncated>false</IsTruncated>"))).toEqual(
      empty({ bucket: "b", isTruncated: false }),
    );
    expect(read(page(""))).toEqual(empty({ bucket: "b" }));
    expect(read("<ListBucketResult/>")).toEqual(empty({}));
  });

  it("tells what the page says of itself, as it stands there", () => {
    const request =
      "<Prefix>a%26b/</Prefix><Delimiter>%2F</Delimiter><ContinuationToken>t&amp;1</ContinuationToken>";
    const rest = "<IsTruncated>FALSE</IsTruncated><NextContinuationToken>n</NextContinuationToken>";
    const counts = "<MaxKeys>10</MaxKeys><KeyCount>2</KeyCount>";
    const { said, nextToken } =
      read(page(`<EncodingType>url</EncodingType>${request}${rest}${counts}`)) ?? {};
    expect({ said, nextToken }).toEqual({
      said: {
        bucket: "b",
        prefix: "a%26b/",
        delimiter: "%2F",
        token: "t&1",
        isTruncated: false,
        nextToken: "n",
        maxKeys: "10",
        keyCount: "2",
      },
      nextToken: undefined,
    });
    expect(read(page("<Prefix/>"))?.said).toEqual({ bucket: "b", prefix: "" });
  });

  it("takes time in proportion to the page", () =>
    expectLinear((size) => page(entry("key").repeat(size / 150)), read));
});
