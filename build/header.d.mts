/** What stands above the bundle. */
export const HEADER: string;
