import { S3Client } from "@aws-sdk/client-s3";
import { startRadosgw } from "../../support/radosgw.js";

/** The S3 server that both programs are run against. */
export interface ParityServer {
  readonly url: string;
  readonly httpsUrl: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly client: S3Client;
  close(): Promise<void>;
}

/** Another S3 by environment: an empty account of it, since buckets are made and left for its owner to remove. */
function givenServer(): Omit<ParityServer, "client"> | undefined {
  const url = process.env.PARITY_ENDPOINT_URL;
  const accessKey = process.env.PARITY_ACCESS_KEY_ID;
  const secretKey = process.env.PARITY_SECRET_ACCESS_KEY;
  if (url === undefined || accessKey === undefined || secretKey === undefined) return undefined;
  return {
    url,
    httpsUrl: process.env.PARITY_HTTPS_ENDPOINT_URL ?? url,
    accessKey,
    secretKey,
    close: async () => undefined,
  };
}

export async function startParityServer(): Promise<ParityServer> {
  const server = givenServer() ?? (await startRadosgw());
  const client = new S3Client({
    endpoint: server.url,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: server.accessKey, secretAccessKey: server.secretKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const close = async () => {
    client.destroy();
    await server.close();
  };
  return {
    url: server.url,
    httpsUrl: server.httpsUrl,
    accessKey: server.accessKey,
    secretKey: server.secretKey,
    client,
    close,
  };
}
