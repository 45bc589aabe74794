/** Most texts are this: nothing else needs to be compiled for them. */
const PLAIN = /^[ -~]*$/;

/** C0, DEL and C1: nothing that belongs into a request line, a header or a key. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** What a byte sequence that is not UTF-8 turns into on its way into a string, and halves of a surrogate pair. */
const BROKEN = /\ufffd|[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

/** Whether the text holds a control character. */
export function hasControlCharacter(text: string): boolean {
  return !PLAIN.test(text) && CONTROL.test(text);
}

/** Whether the text could not be written out again as the bytes it came from. */
export function isBrokenText(text: string): boolean {
  return !PLAIN.test(text) && BROKEN.test(text);
}
