import type { ListBucketsOutput } from "@aws-sdk/client-s3";
import type { Cancellation } from "../../http/cancellation.js";
import { isDocument } from "../requests/result.js";
import type { RareRequests } from "../sdk/rare-requests.js";
import type { BucketsQuery, ListedBucket } from "../store.js";
import { PageProgress } from "./page-progress.js";

/** The most buckets that S3 puts in one response (Amazon S3 API Reference, ListBuckets: MaxBuckets). */
const MAX_BUCKETS = 10_000;

/**
 * The pages of ListBuckets. A store that does not know the query's conditions answers with all of its buckets: what does
 * not fit is left out here too.
 *
 * @throws Failure when the pages do not advance; ServerError, NoAnswer
 */
export async function* listBuckets(
  rare: RareRequests,
  { prefix, region, pageSize }: BucketsQuery,
  cancellation: Cancellation,
): AsyncGenerator<readonly ListedBucket[]> {
  const progress = new PageProgress();
  const asked = {
    ...(prefix ? { Prefix: prefix } : {}),
    ...(region ? { BucketRegion: region } : {}),
    ...(pageSize === undefined ? {} : { MaxBuckets: Math.min(pageSize, MAX_BUCKETS) }),
  };
  let token: string | undefined;
  do {
    const { Buckets = [], ContinuationToken }: ListBucketsOutput = await rare.send(
      (sdk) => sdk.ListBuckets$,
      { ...asked, ...(token === undefined ? {} : { ContinuationToken: token }) },
      { isDone: isDocument("ListAllMyBucketsResult") },
      cancellation,
    );
    token = ContinuationToken || undefined;
    progress.check(
      Buckets.map(({ Name = "" }) => Name),
      token,
    );
    yield Buckets.filter(
      ({ Name = "", BucketRegion }) =>
        Name.startsWith(prefix ?? "") && (!region || !BucketRegion || BucketRegion === region),
    ).map(({ Name = "", CreationDate }) => ({ name: Name, created: CreationDate?.getTime() ?? 0 }));
  } while (token !== undefined);
}
