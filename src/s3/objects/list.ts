import { listingLoops, listingStrange, listingUnreadable } from "../failures.js";
import type { Sender } from "../requests/sender.js";
import type { Stop } from "../requests/stop.js";
import type { ListPage, ListQuery } from "../store.js";
import { parseListing } from "../xml/listing.js";

/**
 * The pages of ListObjectsV2. The next page is on its way while the caller takes this one.
 *
 * @throws Failure when a page's token is one that was used before, or a key is none that was asked for; ServerError, NoAnswer
 */
export async function* listObjects(sender: Sender, query: ListQuery, stop: Stop): AsyncGenerator<ListPage> {
  const ask = (token: string | undefined) =>
    sender
      .send(
        {
          operation: "ListObjectsV2",
          method: "GET",
          bucket: query.bucket,
          query: {
            "list-type": "2",
            // Keys may hold characters that XML cannot.
            "encoding-type": "url",
            prefix: query.prefix,
            ...(query.delimiter === undefined ? {} : { delimiter: query.delimiter }),
            ...(query.pageSize === undefined ? {} : { "max-keys": String(query.pageSize) }),
            ...(token === undefined ? {} : { "continuation-token": token }),
          },
          headers: {
            "x-amz-optional-object-attributes": "RestoreStatus",
            ...(query.requestPayer === undefined ? {} : { "x-amz-request-payer": query.requestPayer }),
          },
        },
        stop,
      )
      .then((answer) => {
        const page = parseListing(answer.body);
        if (page === undefined) throw listingUnreadable();
        checkBelow(query.prefix, page);
        return page;
      });
  const seen = new Set<string>();
  let next: ReturnType<typeof ask> | undefined = ask(undefined);
  while (next !== undefined) {
    const page: Awaited<ReturnType<typeof ask>> = await next;
    next = undefined;
    if (page.nextToken !== undefined) {
      if (seen.has(page.nextToken)) throw listingLoops();
      seen.add(page.nextToken);
      next = ask(page.nextToken);
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
