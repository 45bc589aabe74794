import { ServerError } from "../../aws/server-error.js";
import type { Cancellation } from "../../http/cancellation.js";
import { checksumHeader, newChecksum } from "../checksums/algorithms.js";
import { bufferBody, md5Header } from "../requests/bodies.js";
import type { S3Request } from "../requests/request.js";
import type { Sender } from "../requests/sender.js";

type Sdk = typeof import("../libraries/sdk.js");
type Protocol = InstanceType<Sdk["AwsRestXmlProtocol"]>;
type Operation = Parameters<Protocol["serializeRequest"]>[0];
type SerdeContext = Parameters<Protocol["serializeRequest"]>[2];
type SdkResponse = Parameters<Protocol["deserializeResponse"]>[2];
type Written = Awaited<ReturnType<Protocol["serializeRequest"]>>;

/** An operation as the SDK's tables have it. */
type OperationTable = Sdk["ListBuckets$"];

/** Where a request of the SDK goes; headers that all its requests of a transfer carry. */
export interface RareRequest {
  readonly bucket?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly region?: string | undefined;
  readonly isDone?: S3Request["isDone"];
}

/** What stands for the bucket and key in the SDK's hands: the sender puts in the real ones, and their address. */
export const PLACE = { Bucket: "bucket", Key: "key" } as const;

/** S3's own names, as the SDK's client gives them to its protocol. */
const SERVICE = {
  defaultNamespace: "com.amazonaws.s3",
  xmlNamespace: "http://s3.amazonaws.com/doc/2006-03-01/",
  version: "2006-03-01",
  serviceTarget: "AmazonS3",
  errorTypeRegistries: [],
};

/** The sender has the real address, and what is written and read here holds no bytes in base64. */
const CONTEXT = {
  endpoint: async () => ({ protocol: "https:", hostname: "s3.invalid", path: "/" }),
} as unknown as SerdeContext;

/**
 * The rare requests, which the SDK writes out and whose answers it reads, sent like all others: the SDK is loaded at the
 * first of them only, and sees neither credentials nor network.
 */
export class RareRequests {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /**
   * @param pick the operation, of the SDK's tables
   * @param input what the SDK's command of that name takes, with PLACE for bucket and key
   *
   * @returns what that command returns
   * @throws what Sender.send throws; ServerError when the response is one of S3's in its form only, so that the SDK cannot
   *   read it
   */
  async send<Output>(
    pick: (sdk: Sdk) => OperationTable,
    input: object,
    request: RareRequest,
    cancellation: Cancellation,
  ): Promise<Output> {
    const sdk = await import("../libraries/sdk.js");
    const operation = operationOf(pick(sdk));
    const protocol = new sdk.AwsRestXmlProtocol(SERVICE);
    const written = await protocol.serializeRequest(operation, input, CONTEXT);
    const response = await this.#sender.send(
      { ...request, ...asRequest(operation, written, request) },
      cancellation,
    );
    try {
      const read = await protocol.deserializeResponse(operation, CONTEXT, {
        statusCode: response.status,
        headers: { ...response.headers },
        body: Uint8Array.from(response.body),
      } as unknown as SdkResponse);
      return read as Output;
    } catch {
      throw new ServerError({ ...response, body: Buffer.alloc(0) }, operation.name);
    }
  }
}

function operationOf([, namespace, name, traits, input, output]: OperationTable): Operation {
  return { namespace, name, traits, input, output } as Operation;
}

function asRequest({ name }: Operation, { method, query, headers, body }: Written, request: RareRequest) {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const checksums = bytes === undefined ? {} : checksumsOf(bytes);
  const parameters = Object.entries(query ?? {}).filter(([parameter]) => parameter !== "x-id");
  return {
    operation: name,
    method: method as S3Request["method"],
    query: Object.fromEntries(parameters.map(([parameter, value]) => [parameter, String(value ?? "")])),
    headers: { ...headers, ...checksums, ...request.headers },
    optional: Object.keys(checksums),
    body: bytes && bufferBody(bytes),
  };
}

/** S3 takes no tags without a checksum: the one that the SDK's client sends, and the one that older stores know. */
function checksumsOf(bytes: Buffer): Record<string, string> {
  const checksum = newChecksum("CRC32");
  checksum.update(bytes);
  return {
    "x-amz-sdk-checksum-algorithm": "CRC32",
    [checksumHeader("CRC32")]: checksum.digest().toString("base64"),
    ...md5Header(bufferBody(bytes)),
  };
}
