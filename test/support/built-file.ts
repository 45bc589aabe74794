import { resolve } from "node:path";

/** The bundle under test: dist/fetch-creds.js, or the file that FETCH_CREDS_FILE names. */
export const BUILT_FILE = resolve(process.env.FETCH_CREDS_FILE ?? "dist/fetch-creds.js");
