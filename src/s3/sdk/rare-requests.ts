import { Readable } from "node:stream";
import { bufferBody } from "../requests/bodies.js";
import type { S3Request } from "../requests/request.js";
import type { Sender } from "../requests/sender.js";
import { ServerError } from "../requests/server-error.js";
import type { Stop } from "../requests/stop.js";
import type { Answer } from "../wire/exchange.js";

type Sdk = typeof import("../libraries/sdk.js");
type Client = InstanceType<Sdk["S3Client"]>;

/** A request as the SDK has written it out. */
interface SdkRequest {
  readonly method: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Sends what the SDK has written out; the SDK hands it from `send`'s options to its request handler. */
type Answering = (written: SdkRequest) => Promise<{ statusCode: number; headers: object; body: Readable }>;

/** Where a request of the SDK goes; headers that all its requests of a transfer carry. */
export interface RareRequest {
  readonly bucket?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly region?: string | undefined;
  readonly isDone?: S3Request["isDone"];
}

/** Written by the sender, or no concern of S3's. */
const OWN_HEADERS = /^(host|content-length|user-agent|x-amz-user-agent|amz-sdk-.*)$/;

/** What stands for the bucket and key in the SDK's hands: the sender puts in the real ones, and their address. */
export const PLACE = { Bucket: "bucket", Key: "key" } as const;

/**
 * The rare requests, which the SDK writes out and whose answers it reads, sent like all others: the SDK is loaded at the
 * first of them only, and sees neither credentials nor network.
 */
export class RareRequests {
  readonly #sender: Sender;
  #loaded: Promise<{ sdk: Sdk; client: Client }> | undefined;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /**
   * @param run sends one command with the client and the options that it is given
   *
   * @throws what Sender.send throws; ServerError when the answer is one of S3's in its form only, so that the SDK cannot
   *   read it
   */
  async send<Output>(
    operation: string,
    request: RareRequest,
    stop: Stop,
    run: (sdk: Sdk, client: Client, options: object) => Promise<Output>,
  ): Promise<Output> {
    this.#loaded ??= load();
    const { sdk, client } = await this.#loaded;
    let answered: Answer | undefined;
    const answer: Answering = async (written) => {
      answered = await this.#answer(operation, request, written, stop);
      const { status, headers, body } = answered;
      return { statusCode: status, headers, body: Readable.from([body]) };
    };
    try {
      return await run(sdk, client, { answer });
    } catch (error) {
      if (answered === undefined) throw error;
      throw new ServerError({ ...answered, body: Buffer.alloc(0) }, operation);
    }
  }

  async #answer(operation: string, request: RareRequest, written: SdkRequest, stop: Stop): Promise<Answer> {
    const query = Object.entries(written.query)
      .filter(([name]) => name !== "x-id")
      .map(([name, value]) => [name, String(value ?? "")]);
    const headers = Object.entries(written.headers).filter(([name]) => !OWN_HEADERS.test(name.toLowerCase()));
    const body = bodyOf(written.body);
    return this.#sender.send(
      {
        ...request,
        operation,
        method: written.method as S3Request["method"],
        query: Object.fromEntries(query),
        headers: {
          ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
          ...request.headers,
        },
        body: body === undefined ? undefined : bufferBody(body),
      },
      stop,
    );
  }
}

function bodyOf(body: unknown): Buffer | undefined {
  if (typeof body === "string") return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body) : undefined;
}

const NO_WARNING = "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED";

/** Every setting is given, so that the SDK reads neither environment nor configuration files. */
async function load(): Promise<{ sdk: Sdk; client: Client }> {
  const sdk = await import("../libraries/sdk.js");
  const before = process.env[NO_WARNING];
  process.env[NO_WARNING] = "true";
  const client = new sdk.S3Client({
    region: "us-east-1",
    endpoint: "https://s3.invalid",
    forcePathStyle: true,
    credentials: { accessKeyId: "-", secretAccessKey: "-" },
    requestHandler: {
      handle: async (written: SdkRequest, options: { answer: Answering }) => ({
        response: await options.answer(written),
      }),
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    } as never,
    // The sender signs.
    signer: { sign: async (request: unknown) => request } as never,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    disableS3ExpressSessionAuth: true,
    disableMultiregionAccessPoints: true,
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: "fetch-creds",
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    // Signing and the clock are the sender's; left out, it would be looked up in ~/.aws/config.
    disableClockSkewCorrection: true,
  });
  if (before === undefined) delete process.env[NO_WARNING];
  return { sdk, client };
}
