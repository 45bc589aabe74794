import { listingLoops, listingStrange, listingUnreadable } from "../failures.js";
import type { Sender } from "../requests/sender.js";
import type { Stop } from "../requests/stop.js";
import type { ListPage, ListQuery } from "../store.js";
import { type Listing, parseListing } from "../xml/listing.js";

/** The requests for the pages of one listing. */
class Pages {
  readonly #sender: Sender;
  readonly #query: ListQuery;
  readonly #stop: Stop;

  constructor(sender: Sender, query: ListQuery, stop: Stop) {
    this.#sender = sender;
    this.#query = query;
    this.#stop = stop;
  }

  /**
   * A page that says of itself that it answers another request is asked for again, on a connection of its own.
   *
   * @throws Failure when it cannot be read, or holds what was not asked for; ServerError, NoAnswer
   */
  async page(token: string | undefined): Promise<Listing> {
    const first = await this.#ask(token, false);
    const page = first === undefined || !this.#isMeant(first, token) ? await this.#ask(token, true) : first;
    if (page === undefined) throw listingUnreadable();
    checkBelow(this.#query.prefix, page);
    return page;
  }

  #isMeant({ asked }: Listing, token: string | undefined): boolean {
    const { prefix, delimiter } = this.#query;
    // White space may be the document's.
    const isLike = (said: string | undefined, own = "") => said === undefined || said.trim() === own.trim();
    return isLike(asked.prefix, prefix) && isLike(asked.delimiter, delimiter) && isLike(asked.token, token);
  }

  async #ask(token: string | undefined, isAlone: boolean): Promise<Listing | undefined> {
    const { bucket, prefix, delimiter, pageSize } = this.#query;
    const answer = await this.#sender.send(
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
        headers: {
          "x-amz-optional-object-attributes": "RestoreStatus",
        },
        isAlone,
      },
      this.#stop,
    );
    return parseListing(answer.body);
  }
}

/**
 * The pages of ListObjectsV2. The next page is on its way while the caller takes this one.
 *
 * @throws Failure when a page's token is one that was used before, or a key is none that was asked for; ServerError, NoAnswer
 */
export async function* listObjects(sender: Sender, query: ListQuery, stop: Stop): AsyncGenerator<ListPage> {
  const pages = new Pages(sender, query, stop);
  const seen = new Set<string>();
  let next: Promise<Listing> | undefined = pages.page(undefined);
  while (next !== undefined) {
    const page: Listing = await next;
    next = undefined;
    if (page.nextToken !== undefined) {
      if (seen.has(page.nextToken)) throw listingLoops();
      seen.add(page.nextToken);
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
