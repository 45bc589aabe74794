/**
 * Compares two keys as S3 sorts them: by the bytes of their UTF-8 form, which is the order of code points. JavaScript
 * compares UTF-16 units, where U+E000 to U+FFFF stand after the surrogates of everything beyond.
 *
 * @returns negative, 0 or positive
 */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      if (isSurrogate(a) !== isSurrogate(b)) return isSurrogate(a) ? 1 : -1;
      return a - b;
    }
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
