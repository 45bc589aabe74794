type HclValue = string | readonly HclValue[] | { readonly [name: string]: HclValue } | HclReference;

/** The name of a variable in the place of a value. */
interface HclReference {
  readonly variable: string;
}

/** A block of a bake file: `target "name" { … }`. */
export interface HclBlock {
  readonly type: string;
  readonly label: string;
  readonly attributes: Readonly<Record<string, HclValue>>;
}

/** Reads the HCL that our bake file needs: labelled blocks of strings, lists, maps, and names of variables. Anything else is an error. */
export function parseHcl(text: string): HclBlock[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]=,]|[A-Za-z_][\w-]*|[^\s]/g) ?? [];
  let at = 0;
  const take = (wanted: RegExp): string => {
    const token = tokens[at++] ?? "the end";
    if (!wanted.test(token)) throw new Error(`expected ${wanted} and found ${token}`);
    return token;
  };
  const map = (): Record<string, HclValue> => {
    const attributes: Record<string, HclValue> = {};
    take(/^\{$/);
    while (tokens[at] !== "}") {
      const name = take(/^[\w-]+$/);
      take(/^=$/);
      attributes[name] = value();
    }
    take(/^\}$/);
    return attributes;
  };
  const value = (): HclValue => {
    if (tokens[at] === "{") return map();
    if (/^\w/.test(tokens[at] ?? "")) return { variable: take(/^\w+$/) };
    if (tokens[at] !== "[") return JSON.parse(take(/^"/)) as string;
    take(/^\[$/);
    const list: HclValue[] = [];
    while (tokens[at] !== "]") {
      list.push(value());
      if (tokens[at] !== "]") take(/^,$/);
    }
    take(/^\]$/);
    return list;
  };
  const block = (): HclBlock => {
    const type = take(/^\w+$/);
    const label = JSON.parse(take(/^"/)) as string;
    const attributes = map();
    return { type, label, attributes };
  };
  const blocks: HclBlock[] = [];
  while (at < tokens.length) blocks.push(block());
  return blocks;
}
