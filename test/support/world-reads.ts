import { parseSync } from "oxc-parser";

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Modules that are nothing else. */
const MODULES = /^(?:node:)?(?:process|perf_hooks)$/;

/** Globals through which all of it is reached. */
const GLOBALS = /^(?:process|performance|crypto|globalThis|global)$/;

const RANDOM = /^(?:random|generateKey|getRandomValues|webcrypto)/;

/** Keys under which a name stands for itself, not for a variable. */
function isName(key: string, parent: Node): boolean {
  return (key === "property" || key === "key") && parent.computed !== true;
}

function nameOf(value: unknown): string | undefined {
  return isNode(value) && typeof value.name === "string" ? value.name : undefined;
}

/** What this node by itself reads. */
function readBy(node: Node, key: string, parent: Node): string[] {
  const noArguments = Array.isArray(node.arguments) && node.arguments.length === 0;
  switch (node.type) {
    case "Identifier":
      return GLOBALS.test(String(node.name)) && !isName(key, parent) ? [String(node.name)] : [];
    case "Literal":
      return key === "source" && MODULES.test(String(node.value)) ? [String(node.value)] : [];
    case "ImportSpecifier":
      return RANDOM.test(nameOf(node.imported) ?? "") ? [String(nameOf(node.imported))] : [];
    case "MemberExpression": {
      const read = `${nameOf(node.object)}.${nameOf(node.property)}`;
      return ["Date.now", "Math.random"].includes(read) ? [read] : [];
    }
    case "NewExpression":
    case "CallExpression":
      return nameOf(node.callee) === "Date" && noArguments ? ["new Date()"] : [];
    default:
      return [];
  }
}

/** Where TypeScript code reads the process, the clock or randomness, in words; types read nothing. */
export function worldReads(source: string): string[] {
  const visit = (node: Node, key: string, parent: Node): string[] => {
    if (node.type.startsWith("TSType") || node.importKind === "type") return [];
    const inner = Object.entries(node).flatMap(([name, value]) =>
      [value]
        .flat()
        .filter(isNode)
        .flatMap((child) => visit(child, name, node)),
    );
    return [...readBy(node, key, parent), ...inner];
  };
  const { program } = parseSync("code.ts", source);
  const root = program as unknown as Node;
  return visit(root, "", root);
}
