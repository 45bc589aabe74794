// @ts-expect-error TypeScript wants an import attribute here, with which the whole package.json would be bundled.
import { version } from "../package.json";

/** Of package.json, the one place where it stands. */
export const VERSION: string = version;
