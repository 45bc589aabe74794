/** undici's own typings cover its index only; we take a few modules past it, so that the rest need not be carried. */
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}

declare module "undici/lib/core/connect.js" {
  export { buildConnector as default } from "undici";
}

declare module "undici/lib/core/symbols.js" {
  export const kParser: unique symbol;
}
