import { ServerError } from "../../aws/server-error.js";
import { type Address, addressFor, type EndpointOptions } from "./address.js";

/** How stores refuse a bucket in the path (Alibaba OSS, Tencent COS, Huawei OBS, Volcengine TOS). */
const WANTS_HOST =
  /^(SecondLevelDomainForbidden|PathStyleDomainForbidden|VirtualHostDomainRequired|InvalidPathAccess)$/;

/** The addresses of buckets at one server, and what it has been found to want of them. */
export class Addresses {
  #options: EndpointOptions;
  readonly #known = new Map<string, Address>();

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /** @throws as addressFor */
  of(bucket: string | undefined, region: string): Address {
    const name = `${region} ${bucket ?? ""}`;
    let address = this.#known.get(name);
    if (address === undefined) {
      address = addressFor(bucket, region, this.#options);
      this.#known.set(name, address);
    }
    return address;
  }

  /**
   * Names buckets in the host from now on, where an error demands it and the user has not said otherwise.
   *
   * @param used for what failed
   * @returns whether that gives another address
   */
  moveToHost(error: unknown, bucket: string | undefined, used: Address | undefined): boolean {
    const isDemand = error instanceof ServerError && WANTS_HOST.test(error.code);
    if (!isDemand || used === undefined || this.#options.addressingStyle === "path") return false;
    if (this.#options.addressingStyle === "auto") this.#known.clear();
    this.#options = { ...this.#options, addressingStyle: "virtual" };
    return this.of(bucket, used.region).host !== used.host;
  }
}
