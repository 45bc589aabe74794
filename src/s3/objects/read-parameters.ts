import type { CopyParameters, CustomerKey, ReadParameters, WriteParameters } from "../store.js";

function reading(customerKey: CustomerKey | undefined): ReadParameters {
  return customerKey === undefined ? {} : { customerKey };
}

/** What reading an object takes that is written with these parameters: the key that it is under, not that of a source. */
export function readingTarget({ customerKey }: WriteParameters): ReadParameters {
  return reading(customerKey);
}

/** What reading the source of a copy takes; its checksum is compared with the copy's. */
export function readingSource({ sourceCustomerKey }: CopyParameters): ReadParameters {
  return { ...reading(sourceCustomerKey), checksumMode: "ENABLED" };
}
