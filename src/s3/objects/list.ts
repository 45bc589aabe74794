import { identified } from "../../aws/request-id.js";
import type { Cancellation } from "../../http/cancellation.js";
import type { Response } from "../../http/response.js";
import { listingContradicts, listingStrange, listingUnreadable } from "../failures.js";
import type { Sender } from "../requests/sender.js";
import type { ListPage, ListQuery } from "../store.js";
import { type Listing, parseListing } from "./listing.js";
import { PageProgress } from "./page-progress.js";
import { contradictionOf, doubtOf, isMeant, MAX_KEYS } from "./page-trust.js";

const RESTORE_STATUS = "x-amz-optional-object-attributes";

/** The requests for the pages of one listing. */
class Pages {
  readonly #sender: Sender;
  readonly #query: ListQuery;
  readonly #cancellation: Cancellation;
  readonly #progress = new PageProgress();
  /** Of the last response. */
  #headers: Response["headers"] = {};

  constructor(sender: Sender, query: ListQuery, cancellation: Cancellation) {
    this.#sender = sender;
    this.#query = query;
    this.#cancellation = cancellation;
  }

  /**
   * A page that says of itself that it answers another request is asked for again, on a connection of its own.
   *
   * @throws Failure when it cannot be read, contradicts itself, does not advance, or holds what was not asked for;
   *   ServerError, NoAnswer
   */
  async page(token: string | undefined): Promise<Listing> {
    try {
      const page = await this.#page(token);
      this.#progress.check([...page.objects.map(({ key }) => key), ...page.prefixes], page.nextToken);
      return page;
    } catch (error) {
      throw identified(error, this.#headers);
    }
  }

  async #page(token: string | undefined): Promise<Listing> {
    const first = await this.#ask(token, false);
    const page =
      first !== undefined && this.#isPlausible(first, token) ? first : await this.#ask(token, true);
    if (page === undefined) throw listingUnreadable();
    const contradiction = contradictionOf(page, this.#query);
    if (contradiction !== undefined) throw listingContradicts(contradiction);
    checkBelow(this.#query.prefix, page);
    const doubt = doubtOf(page, this.#query, token);
    return doubt === undefined ? page : { ...page, doubt };
  }

  #isPlausible(page: Listing, token: string | undefined): boolean {
    return isMeant(page, this.#query, token) && contradictionOf(page, this.#query) === undefined;
  }

  async #ask(token: string | undefined, isAlone: boolean): Promise<Listing | undefined> {
    const { bucket, prefix, delimiter, pageSize } = this.#query;
    this.#headers = {};
    const response = await this.#sender.send(
      {
        operation: "ListObjectsV2",
        method: "GET",
        bucket,
        query: {
          "list-type": "2",
          // Keys may hold characters that XML cannot.
          "encoding-type": "url",
          prefix,
          ...(delimiter === undefined ? {} : { delimiter }),
          ...(pageSize === undefined ? {} : { "max-keys": String(pageSize) }),
          ...(token === undefined ? {} : { "continuation-token": token }),
        },
        headers: { [RESTORE_STATUS]: "RestoreStatus" },
        optional: [RESTORE_STATUS],
        leadsToMany: this.#query.isToRead,
        isAlone,
      },
      this.#cancellation,
    );
    this.#headers = response.headers;
    return parseListing(response.body);
  }
}

/**
 * The pages of ListObjectsV2. The next page is on its way while the caller takes this one.
 *
 * @throws Failure when the pages do not advance, or one is not what was asked for; ServerError, NoAnswer
 */
export async function* listObjects(
  sender: Sender,
  query: ListQuery,
  cancellation: Cancellation,
): AsyncGenerator<ListPage> {
  const { pageSize = MAX_KEYS } = query;
  const pages = new Pages(
    sender,
    pageSize > MAX_KEYS ? { ...query, pageSize: MAX_KEYS } : query,
    cancellation,
  );
  let next: Promise<Listing> | undefined = pages.page(undefined);
  while (next !== undefined) {
    const page: Listing = await next;
    next = undefined;
    if (page.nextToken !== undefined) {
      next = pages.page(page.nextToken);
      // The caller may leave before it asks for this page.
      next.catch(() => undefined);
    }
    yield page;
  }
}

function checkBelow(prefix: string, { objects, prefixes }: ListPage): void {
  const stranger =
    objects.find(({ key }) => !key.startsWith(prefix))?.key ??
    prefixes.find((one) => !one.startsWith(prefix));
  if (stranger !== undefined) throw listingStrange(stranger, prefix);
}
