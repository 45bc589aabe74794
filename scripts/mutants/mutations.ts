import { type Node, parseSync, Visitor } from "oxc-parser";

/** A small change to a source file, of the kind that a mistake makes. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">"],
  "<=": ["<", ">"],
  ">": [">=", "<"],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
};

/** What gives back, stops or lets go: the calls that nobody misses until it matters. */
const CLEAN_UP =
  /(close|unlink|rm|remove|clear|destroy|abort|stop|cancel|delete|release|off|end|reject|dispose|kill)\w*\)?$/i;

/** All mutations of a file, in the order of its text. */
export function mutationsOf(path: string, text: string): Mutation[] {
  const found: Mutation[] = [];
  const of = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  const replace = ({ start, end }: { start: number; end: number }, replacement: string) =>
    found.push({ start, end, replacement });
  /** Two calls that follow one another, the other way round. */
  const swap = (body: readonly Node[]) => {
    for (const [index, first] of body.entries()) {
      const second = body[index + 1];
      if (first.type !== "ExpressionStatement" || second?.type !== "ExpressionStatement") continue;
      const between = text.slice(first.end, second.start);
      replace({ start: first.start, end: second.end }, of(second) + between + of(first));
    }
  };
  const inTypes = new Set<number>();
  new Visitor({
    BinaryExpression(node) {
      for (const operator of COMPARISONS[node.operator] ?? [])
        replace(
          { start: node.left.end, end: node.right.start },
          text.slice(node.left.end, node.right.start).replace(node.operator, operator),
        );
    },
    LogicalExpression(node) {
      replace(node, of(node.left));
      replace(node, of(node.right));
    },
    ConditionalExpression: ({ consequent, alternate }) => replace(consequent, of(alternate)),
    UnaryExpression: (node) => node.operator === "!" && replace(node, of(node.argument)),
    IfStatement: (node) => node.alternate === null && replace(node, "{}"),
    ThrowStatement: (node) => replace(node, "{}"),
    ExpressionStatement({ expression, start, end }) {
      const call = expression.type === "AwaitExpression" ? expression.argument : expression;
      if (call.type === "CallExpression" && CLEAN_UP.test(of(call.callee))) replace({ start, end }, "{}");
    },
    Literal(node) {
      if (inTypes.has(node.start)) return;
      if (typeof node.value === "number") replace(node, `${node.value + 1}`);
      if (typeof node.value === "boolean") replace(node, `${!node.value}`);
    },
    BlockStatement: ({ body }) => swap(body),
    TSLiteralType: ({ literal }) => inTypes.add(literal.start),
  }).visit(parseSync(path, text).program);
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}
