/** A rate: when bytes have passed. All times are ms of one clock. */
export class Pace {
  /** When everything that was let through so far has passed. */
  #free = 0;
  readonly #msPerByte: number;

  /** `mbPerSecond`: 10^6 bytes a second; 0: any number at once. */
  constructor(mbPerSecond: number) {
    this.#msPerByte = mbPerSecond === 0 ? 0 : 1 / (mbPerSecond * 1000);
  }

  /** When bytes that are there at `ready` will have passed. */
  end(ready: number, bytes: number): number {
    return Math.max(this.#free, ready) + bytes * this.#msPerByte;
  }

  /** Gives the time up to that end to them. */
  take(end: number): void {
    this.#free = end;
  }

  /** Bytes that have passed at `now` are kept waiting by something else: that time is not saved up for later. */
  hold(now: number, bytes: number): void {
    this.#free = Math.max(this.#free, now - bytes * this.#msPerByte);
  }
}
