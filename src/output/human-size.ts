const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** One decimal as C's printf writes it: a tie goes to the even digit, where toFixed goes up. */
function oneDecimal(value: number): string {
  const tenths = value * 10;
  const below = Math.floor(tenths);
  return tenths - below === 0.5 && below % 2 === 0 ? (below / 10).toFixed(1) : value.toFixed(1);
}

/** `1 Byte`, `10 Bytes`, `1.0 KiB`, as the AWS CLI says sizes. */
export function humanSize(bytes: number): string {
  if (bytes === 1) return "1 Byte";
  if (bytes < 1024) return `${Math.floor(bytes)} Bytes`;
  for (const [index, unit] of UNITS.entries()) {
    const scaled = bytes / 1024 ** (index + 1);
    // Python's round: 1023.5 is 1024, to the even one.
    if (Math.round(scaled) < 1024 || index === UNITS.length - 1) return `${oneDecimal(scaled)} ${unit}`;
  }
  return `${bytes} Bytes`;
}
