/** What may stand before a page's first element: an XML declaration, comments, a doctype. */
const PROLOGUES = [
  ["<?", "?>"],
  ["<!--", "-->"],
] as const;

/** Whether a text is a page for people, HTML or XHTML: no credential endpoint sends one. */
export function isHtmlPage(text: string): boolean {
  let at = text.search(/[^\s\ufeff]/);
  for (;;) {
    const prologue = PROLOGUES.find(([start]) => text.startsWith(start, at));
    if (prologue === undefined) break;
    const end = text.indexOf(prologue[1], at);
    if (end === -1) return prologue[0] === "<!--";
    at = end + prologue[1].length;
    while (/\s/.test(text.charAt(at))) at++;
  }
  return /^<(?:!doctype\s+html|html|head|body|title|meta|script)\b/i.test(text.slice(at));
}
