import { describe, expect, it } from "vitest";
import { ServerError } from "../../../src/aws/server-error.js";

const regionIn = (headers: Record<string, string>, xml = "") =>
  new ServerError({ status: 301, headers, body: Buffer.from(xml) }, "GetObject").region;

describe("the region that an error names", () => {
  it("stands in a header, in the body, or in the endpoint of a redirect", () => {
    expect(regionIn({ "x-amz-bucket-region": "eu-west-1" })).toBe("eu-west-1");
    expect(regionIn({}, "<Error><Code>x</Code><Region>eu-west-1</Region></Error>")).toBe("eu-west-1");
    expect(regionIn({ location: "https://b.s3-eu-west-1.amazonaws.com/k" })).toBe("eu-west-1");
    expect(regionIn({}, "<Error><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint></Error>")).toBe(
      "eu-west-1",
    );
    expect(regionIn({})).toBeUndefined();
    expect(regionIn({ "x-amz-bucket-region": "x".repeat(63) })).toBe("x".repeat(63));
  });

  it("stands in the message alone in some stores", () => {
    const said = (region: string) =>
      `<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region 'us-east-1' is wrong; expecting '${region}'</Message></Error>`;
    expect(regionIn({}, said("nl-ams"))).toBe("nl-ams");
    expect(regionIn({}, said("x@attacker.example"))).toBeUndefined();
  });

  it.each(["x@attacker.example:8443#", "attacker.example/", "", "a b", "-x", "x-", "123", "x".repeat(64)])(
    "is not believed to be %j",
    (region) => {
      expect(regionIn({ "x-amz-bucket-region": region })).toBeUndefined();
      expect(regionIn({}, `<Error><Code>x</Code><Region>${region}</Region></Error>`)).toBeUndefined();
    },
  );
});

describe("the words of an error", () => {
  const read = (xml: string) =>
    new ServerError({ status: 400, headers: {}, body: Buffer.from(xml) }, "GetObject");
  const SPACE = " \n".repeat(100_000);

  it.each([
    "<Error><Code>Bad</Code><Message>it is</Message></Error>",
    `<?xml version="1.0" encoding="UTF-8"?>${SPACE}<Error><Code>Bad</Code><Message>it is</Message></Error>`,
    `${SPACE}<?xml version="1.0" encoding="iso-8859-1"?><Error><Code>Bad</Code><Message>it is</Message></Error>`,
    "<ErrorResponse xmlns='x'><Error><Code>Bad</Code><Message>it is</Message></Error></ErrorResponse>",
  ])("are read from %.60j", (xml) =>
    expect(read(xml)).toMatchObject({ code: "Bad", message: "it is", explained: true }),
  );

  it.each([
    [200, "the response does not confirm that it was done"],
    [299, "the response does not confirm that it was done"],
    [300, "an unknown status"],
    [404, "Not Found"],
    [599, "an unknown status"],
  ])("are those of HTTP for %i without any", (status, message) => {
    expect(new ServerError({ status, headers: {}, body: Buffer.alloc(0) }, "PutObject")).toMatchObject({
      message,
      code: String(status),
    });
  });

  it("say which header or parameter was not taken, and which condition did not hold", () => {
    const xml = (inner: string) => read(`<Error><Code>x</Code>${inner}</Error>`);
    expect(xml("<Header>If-Match</Header><ArgumentName>other</ArgumentName>").argument).toBe("If-Match");
    expect(xml("<ArgumentName>x-amz-a</ArgumentName>").argument).toBe("x-amz-a");
    expect(xml("<Condition>If-None-Match</Condition>").condition).toBe("If-None-Match");
  });

  it("tell a server that speaks TLS, where S3 does not say anything itself", () => {
    const GO = "Client sent an HTTP request to an HTTPS server.";
    expect(read(GO).wantsTls).toBe(true);
    const SHORT = "HTTP request to HTTPS";
    expect(read(SHORT).wantsTls, "at the beginning").toBe(true);
    expect(read(SHORT.padStart(1024)).wantsTls, "at the end of the first KiB").toBe(true);
    expect(read(SHORT.padStart(1025)).wantsTls, "behind").toBe(false);
    expect(read(`<Error><Code>x</Code><Message>${GO}</Message></Error>`).wantsTls).toBe(false);
  });

  it.each([
    "",
    "<html><body>Bad</body></html>",
    "<Error><Code>Bad</Code>",
    "<Error><Code>Bad</Message></Error>",
  ])("are those of the status for %j", (xml) =>
    expect(read(xml)).toMatchObject({ code: "400", message: "Bad Request", explained: false }),
  );
});
