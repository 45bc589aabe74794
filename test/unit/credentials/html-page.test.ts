import { describe, expect, it } from "vitest";
import { isHtmlPage } from "../../../src/credentials/html-page.js";
import { cpuTime } from "../../support/time-growth.js";

describe("a page for people", () => {
  it.each([
    "<html>",
    "  \n<HTML lang=en>",
    "\ufeff<!DOCTYPE html><p>",
    '<?xml version="1.0"?>\n<html xmlns="x">',
    '<?xml version="1.0"?><!-- a --><!DOCTYPE html PUBLIC "-//W3C">',
    "<!-- gateway --> <!-- 2 --><html>",
    "<!-- cut off",
    "<!---->\n\n<html>",
    "<!--><html>",
    "<script>",
    "<title>x",
    "<meta charset=x>",
    `<!doctype${" ".repeat(100)}html>`,
    "<head><title>x",
    "<body>",
  ])("%j", (text) => expect(isHtmlPage(text)).toBe(true));

  it.each([
    "",
    " ",
    "{}",
    "<",
    "<Error><Code>x</Code></Error>",
    '<?xml version="1.0"?><Error/>',
    '<?xml version="1.0"',
    "<?xml?>",
    "<!-- a comment -->",
    "\ufeff",
    "text <html>",
    "<htmlx>",
  ])("not %j", (text) => expect(isHtmlPage(text)).toBe(false));

  it("is told in a time that grows with the text alone", () => {
    const spent = cpuTime(() => {
      isHtmlPage(`<!---->${" ".repeat(500_000)}<!---->`.repeat(2));
      isHtmlPage("<!---->".repeat(100_000));
    });
    expect(spent).toBeLessThan(2_000_000);
  });
});
