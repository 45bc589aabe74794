import type { CopyParameters, CustomerKey, ReadParameters, WriteParameters } from "../store.js";

function reading(requestPayer: string | undefined, customerKey: CustomerKey | undefined): ReadParameters {
  return {
    ...(requestPayer === undefined ? {} : { requestPayer }),
    ...(customerKey === undefined ? {} : { customerKey }),
  };
}

/** What reading an object takes that is written with these parameters: the key that it is under, not that of a source. */
export function readingTarget({ requestPayer, customerKey }: WriteParameters): ReadParameters {
  return reading(requestPayer, customerKey);
}

/** What reading the source of a copy takes. */
export function readingSource({ requestPayer, sourceCustomerKey }: CopyParameters): ReadParameters {
  return reading(requestPayer, sourceCustomerKey);
}
