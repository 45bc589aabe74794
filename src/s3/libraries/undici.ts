export { default as buildConnector } from "undici/lib/core/connect.js";
export { kParser } from "undici/lib/core/symbols.js";
export { default as Pool } from "undici/lib/dispatcher/pool.js";
