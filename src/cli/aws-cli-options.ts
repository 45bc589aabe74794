import type { OptionGroup } from "./verb.js";

/**
 * Global options of the AWS CLI 2.36 that change nothing of what its s3 commands do: taken, so that a line can be moved
 * here as it is (aws-cli, awscli/data/cli.json).
 */
export const NO_EFFECT_GROUP = {
  title: "Accepted as in the AWS CLI, without effect",
  options: [
    {
      name: "output",
      value: "FORMAT",
      choices: ["json", "text", "table", "yaml", "yaml-stream", "off"],
      summary: "aws s3 always prints lines; here, --json prints JSON.",
    },
    { name: "query", value: "JMESPATH", summary: "aws s3 prints no JSON to query." },
    {
      name: "color",
      value: "WHEN",
      choices: ["on", "off", "auto"],
      summary: "NO_COLOR and FORCE_COLOR decide.",
    },
    { name: "no-paginate", summary: "All pages are always read." },
    { name: "no-cli-pager", summary: "There is no pager." },
    { name: "no-cli-auto-prompt", summary: "There is no prompt." },
    {
      name: "cli-binary-format",
      value: "FORMAT",
      choices: ["base64", "raw-in-base64-out"],
      summary: "Keys are used unchanged.",
    },
    {
      name: "cli-error-format",
      value: "FORMAT",
      choices: ["legacy", "json", "yaml", "text", "table", "enhanced"],
      summary: "--json prints failures as JSON.",
    },
  ],
} as const satisfies OptionGroup;
