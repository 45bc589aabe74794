import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { runBuilt } from "../../support/run-built.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const ETAG = '"5d41402abc4b2a76b9719d911017c592"';
const NAMES = Array.from({ length: 10 }, (_, index) => `file-${index}`);
const CONTENTS = NAMES.map(
  (name) =>
    `<Contents><Key>${name}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>${ETAG}</ETag><Size>5</Size></Contents>`,
);
const LISTING = `<ListBucketResult><Name>b</Name><Prefix/><KeyCount>10</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>${CONTENTS.join("")}</ListBucketResult>`;

/** A bucket of ten objects that answers a listing when it has so many connections, and not before. */
async function bucketThatAwaits(connections: number) {
  const sockets = new Set<object>();
  const listings: ServerResponse[] = [];
  const peaks: number[] = [];
  const answerListings = () => {
    if (sockets.size < connections) return;
    for (const listing of listings.splice(0)) {
      peaks.push(sockets.size);
      listing.end(LISTING);
    }
  };
  const server = createServer((request, response) => {
    if (request.url?.includes("list-type=2")) {
      listings.push(response);
      return answerListings();
    }
    response.writeHead(200, { "content-length": 5, etag: ETAG }).end("hello");
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    answerListings();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, peaks };
}

const KEYS = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "x",
  AWS_REGION: "us-east-1",
};

it("has a connection for each of ten objects while their listing is awaited", async () => {
  using folder = temporaryFolder();
  const bucket = await bucketThatAwaits(10);
  const args = ["cp", "s3://b/", folder.path, "--recursive", "--endpoint-url", bucket.url];
  const { code, stderr } = await runBuilt(args, { env: KEYS });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(bucket.peaks).toEqual([10]);
  expect(bucket.sockets.size).toBe(10);
  for (const name of NAMES) expect(readFileSync(folder.at(name), "utf8")).toBe("hello");
});

it.each([
  ["a dry run", ["cp", "s3://b/", ".", "--recursive", "--dryrun"], 1],
  ["ls", ["ls", "s3://b/"], 1],
  ["--concurrency 3", ["cp", "s3://b/", ".", "--recursive", "--concurrency", "3"], 3],
])("opens no more than are used by %s", async (_, args, most) => {
  using folder = temporaryFolder();
  const bucket = await bucketThatAwaits(most);
  const { code } = await runBuilt([...args, "--endpoint-url", bucket.url], { env: KEYS, cwd: folder.path });
  expect(code).toBe(0);
  expect(bucket.sockets.size).toBe(most);
});
