/** A file ended before the size that it had when it was opened. */
export class ShortFile extends Error {}
