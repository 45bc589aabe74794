import { describe, expect, it } from "vitest";
import { parameter } from "../../../support/s3-server/s3-request.js";
import { storeWorld } from "../../../support/store-world.js";

/** Lists the bucket `b` on a server whose pages name these tokens, one after the other; the last has none. */
async function listedWith(tokens: readonly string[]) {
  const { server, store } = await storeWorld();
  const asked: (string | undefined)[] = [];
  server.instead = (request) => {
    asked.push(parameter(request, "continuation-token"));
    const token = tokens[asked.length - 1];
    const next =
      token === undefined
        ? "<IsTruncated>false</IsTruncated>"
        : `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`;
    const key = `k${asked.length}`;
    return {
      status: 200,
      headers: {},
      body: Buffer.from(
        `<ListBucketResult>${next}<Contents><Key>${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents></ListBucketResult>`,
      ),
    };
  };
  const keys: string[] = [];
  const list = async () => {
    for await (const page of store.list({ bucket: "b", prefix: "" }))
      keys.push(...page.objects.map(({ key }) => key));
  };
  const failure = await list().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { asked, keys, failure };
}

describe("a listing", () => {
  it("is asked for with each page's token", async () => {
    const { asked, keys, failure } = await listedWith(["a", "b"]);
    expect({ asked, keys, failure }).toEqual({
      asked: [undefined, "a", "b"],
      keys: ["k1", "k2", "k3"],
      failure: undefined,
    });
  });

  it.each(["InternalError", "SlowDown"])("that is answered 200 with %s is asked for again", async (code) => {
    const { server, store } = await storeWorld();
    server.put("b", "k", "x");
    let struck = 0;
    server.instead = () =>
      ++struck > 2
        ? undefined
        : {
            status: 200,
            headers: {},
            body: Buffer.from(`<Error><Code>${code}</Code><Message>m</Message></Error>`),
          };
    const keys: string[] = [];
    for await (const page of store.list({ bucket: "b", prefix: "" }))
      keys.push(...page.objects.map(({ key }) => key));
    expect({ keys, struck }).toEqual({ keys: ["k"], struck: 3 });
  });

  it.each([
    [["a", "a"], 2],
    [["a", "b", "a"], 3],
  ])("whose tokens are %j goes in a circle: a failure, and no further request", async (tokens, pages) => {
    const { asked, failure } = await listedWith([...tokens, ...tokens, ...tokens]);
    expect(failure).toMatchObject({ id: "s3-listing-loops", exitCode: 254 });
    expect(asked).toHaveLength(pages);
  });
});
