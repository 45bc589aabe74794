import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The MD5 that our servers name for each part: they keep none of it. */
const PART_MD5 = "5d41402abc4b2a76b9719d911017c592";
/** The ETag of everything that is uploaded. */
export const UPLOADED_ETAG = `"${PART_MD5}"`;

function result(name: string, path: string, body: string): string {
  const [, bucket, ...key] = decodeURIComponent(path).split("/");
  return `<?xml version="1.0" encoding="UTF-8"?>
<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>${bucket}</Bucket><Key>${key.join("/")}</Key>${body}</${name}>`;
}

/** As S3: the ETag is the MD5 of the parts' MD5s and their number, and the whole's checksum is the one that was named. */
function completed(request: IncomingMessage, path: string, body: string): string {
  const md5s = [...body.matchAll(/<ETag>(?:"|&quot;|&#34;)?([0-9a-f]{32})/g)].map(([, md5]) => md5);
  const md5 = createHash("md5").update(md5s.join(""), "hex").digest("hex");
  const crc = request.headers["x-amz-checksum-crc64nvme"];
  const sum =
    crc === undefined
      ? ""
      : `<ChecksumCRC64NVME>${crc}</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>`;
  const etag = `<ETag>&quot;${md5}-${md5s.length}&quot;</ETag>`;
  return result("CompleteMultipartUploadResult", path, etag + sum);
}

/** Answers CreateMultipartUpload and CompleteMultipartUpload as S3 does. */
export function answerMultipart(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://bench");
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/xml");
    response.end(
      searchParams.has("uploads")
        ? result("InitiateMultipartUploadResult", pathname, "<UploadId>bench</UploadId>")
        : completed(request, pathname, Buffer.concat(chunks).toString()),
    );
  });
}

/** A server of it, for nginx to ask: it cannot compute. */
export async function startMultipart() {
  const server = createServer(answerMultipart);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
