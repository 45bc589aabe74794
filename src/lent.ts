/** Modules of the main side by their path, as the parts of the bundle that borrow them ask for them. */
type Modules = Readonly<Record<string, unknown>>;

let list: () => Modules = () => ({});
let modules: Modules | undefined;

/** Called once by the bundle (build/embed.mjs). The list is only made when a part is compiled. */
export function lend(borrowed: () => Modules): void {
  list = borrowed;
}

export function lentModules(): Modules {
  modules ??= list();
  return modules;
}
