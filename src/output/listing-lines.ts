import { humanSize } from "./human-size.js";
import { printable } from "./printable.js";

const two = (number: number): string => String(number).padStart(2, "0");

/** `2026-01-31 12:00:00`, in the zone of this machine (TZ), as the AWS CLI shows times. */
export class LocalTimes {
  #second = Number.NaN;
  #text = "";

  /** @param ms since the epoch */
  text(ms: number): string {
    const second = Math.floor(ms / 1000);
    // Objects that were put together share their second.
    if (second !== this.#second) {
      this.#second = second;
      const date = new Date(second * 1000);
      const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
      this.#text = `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    }
    return this.#text;
  }
}

export function sizeText(bytes: number, human: boolean): string {
  return human ? humanSize(bytes) : String(bytes);
}

export function objectLine(time: string, size: string, name: string): string {
  return `${time} ${size.padStart(10)} ${printable(name)}\n`;
}

/** @param prefix with its slash: its last part is shown */
export function prefixLine(prefix: string): string {
  return `${"PRE".padStart(30)} ${printable(prefix.split("/").at(-2) ?? "")}/\n`;
}

export function bucketLine(time: string, name: string): string {
  return `${time} ${printable(name)}\n`;
}

export function summaryLines(objects: number, size: string): string {
  return `\nTotal Objects: ${objects}\n   Total Size: ${size}\n`;
}
