import { type Node, parseSync, Visitor } from "oxc-parser";

/** A place of a source file, and what may stand there in its stead: small changes, of the kind that a mistake makes. */
export interface Site {
  readonly start: number;
  readonly end: number;
  readonly isStatement: boolean;
  readonly changes: string[];
}

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">"],
  "<=": ["<", ">"],
  ">": [">=", "<"],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
};

/** Of a pattern: without its beginning or its end, and each count one higher. */
function patternChanges(pattern: string, flags: string): string[] {
  const counts = [...pattern.matchAll(/(?<=[{,])\d+(?=[,}])/g)].map(({ 0: count, index }) =>
    [pattern.slice(0, index), Number(count) + 1, pattern.slice(index + count.length)].join(""),
  );
  return [pattern.replace(/^\^(?=.)/, ""), pattern.replace(/(?<=[^\\])\$$/, ""), ...counts]
    .filter((changed) => changed !== pattern)
    .map((changed) => `/${changed}/${flags}`);
}

/** Whether it only keeps a parameter or a constant in a field: two of these make no order. */
function isFieldSet(node: Node): boolean {
  if (node.type !== "ExpressionStatement" || node.expression.type !== "AssignmentExpression") return false;
  const { operator, left, right } = node.expression;
  return (
    operator === "=" && left.type === "MemberExpression" && ["Identifier", "Literal"].includes(right.type)
  );
}

/** What a statement does, but for declarations and leaving. */
const DOES = ["CallExpression", "ChainExpression", "AssignmentExpression", "UpdateExpression"];

/** All sites of a file, an outer one before those in it. */
export function sitesOf(path: string, text: string): Site[] {
  const sites = new Map<string, Site>();
  const of = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  const add = (start: number, end: number, isStatement: boolean, ...changes: string[]) => {
    const key = `${start}-${end}-${isStatement}`;
    const site = sites.get(key) ?? { start, end, isStatement, changes: [] };
    site.changes.push(...changes);
    sites.set(key, site);
  };
  /** Where a literal is no value: types, and keys of an object. */
  const fixed = new Set<number>();
  /** Two statements that follow one another, the other way round; each run of them is one site, of which the others are part. */
  const swap = (body: readonly Node[]) => {
    let run: Node[] = [];
    for (const node of [...body, undefined]) {
      if (node?.type === "ExpressionStatement") run.push(node);
      else {
        const [first, last] = [run[0], run.at(-1)];
        if (first !== undefined && last !== undefined && first !== last) {
          const changes = run.slice(1).flatMap((second, index) => {
            if ([run[index] ?? second, second].every(isFieldSet)) return [];
            const texts = run.map(of);
            texts.splice(index, 2, texts[index + 1] ?? "", texts[index] ?? "");
            return [texts.join("\n")];
          });
          if (changes.length > 0) add(first.start, last.end, true, ...changes);
        }
        run = [];
      }
    }
  };
  const key = (node: { key: Node; computed?: boolean }) =>
    node.computed !== true && fixed.add(node.key.start);
  new Visitor({
    BinaryExpression(node) {
      const { left, right, operator, start, end } = node;
      const between = text.slice(left.end, right.start);
      for (const other of OPERATORS[operator] ?? [])
        add(start, end, false, of(left) + between.replace(operator, other) + of(right));
    },
    LogicalExpression: (node) => add(node.start, node.end, false, of(node.left), of(node.right)),
    ConditionalExpression: ({ consequent, alternate }) =>
      add(consequent.start, consequent.end, false, of(alternate)),
    UnaryExpression: (node) => node.operator === "!" && add(node.start, node.end, false, of(node.argument)),
    IfStatement: (node) => node.alternate === null && add(node.start, node.end, true, "{}"),
    ThrowStatement: (node) => add(node.start, node.end, true, "{}"),
    ExpressionStatement({ expression, start, end }) {
      const done = expression.type === "AwaitExpression" ? expression.argument : expression;
      if (DOES.includes(done.type) && !of(done).startsWith("super(")) add(start, end, true, "{}");
    },
    Literal({ value, start, end, ...literal }) {
      if (fixed.has(start)) return;
      if ("regex" in literal)
        for (const change of patternChanges(literal.regex.pattern, literal.regex.flags))
          add(start, end, false, change);
      if (typeof value === "number") add(start, end, false, `${value + 1}`);
      if (typeof value === "boolean") add(start, end, false, `${!value}`);
    },
    BlockStatement: ({ body }) => swap(body),
    Property: key,
    PropertyDefinition: key,
    MethodDefinition: key,
    TSLiteralType: ({ literal }) =>
      fixed.add(literal.type === "UnaryExpression" ? literal.argument.start : literal.start),
  }).visit(parseSync(path, text).program);
  return [...sites.values()].sort(
    (a, b) => a.start - b.start || b.end - a.end || +b.isStatement - +a.isStatement,
  );
}

/**
 * The text with all changes in it, each made when `$mutant` says so for its number.
 *
 * @param first the number of its first change; the others follow in the order of the sites
 */
export function withAllChanges(text: string, sites: readonly Site[], first: number): string {
  let next = first;
  let index = 0;
  const render = (start: number, end: number): string => {
    let out = "";
    let at = start;
    for (let site = sites[index]; site !== undefined && site.start < end; site = sites[index]) {
      index += 1;
      const number = next;
      next += site.changes.length;
      const asked = (offset: number) => `globalThis.$mutant?.(${number + offset})`;
      const inner = render(site.start, site.end);
      out += text.slice(at, site.start);
      out += site.isStatement
        ? `${site.changes.map((change, offset) => `if (${asked(offset)}) {${change}} else `).join("")}{${inner}}`
        : `(${site.changes.map((change, offset) => `${asked(offset)} ? (${change}) : `).join("")}(${inner}))`;
      at = site.end;
    }
    return out + text.slice(at, end);
  };
  return render(0, text.length);
}
