import { basename, dirname } from "node:path";
import { evaluate } from "./evaluate.mjs";

/** The module of the SDK's client with the tables of all that S3 can do. */
export const TABLES = /\/client-s3\/dist-es\/schemas\/schemas_0\.js$/;

/**
 * The same tables as literals, a constant each, so that esbuild leaves out those that nobody uses: as the SDK writes them,
 * with names in variables, it cannot tell, and they would be half of what the SDK costs.
 *
 * @param {string} path of the module
 */
export async function plainTables(path) {
  const tables = Object.entries(await evaluate(`export * from "./${basename(path)}";`, dirname(path)));
  const names = new Map(tables.map(([name, table]) => [table, name]));
  return tables.map(([name, table]) => `export const ${name} = ${literal(table, names)};`).join("\n");
}

/** A function stands for another table, which is looked up when it is first needed. */
function literal(value, names) {
  if (typeof value === "function") return `() => ${names.get(value()) ?? literal(value(), names)}`;
  if (Array.isArray(value)) return `[${value.map((each) => literal(each, names)).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${literal(each, names)}`);
  return `{${fields.join()}}`;
}
