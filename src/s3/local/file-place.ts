/** The folder that a file is to be made in, held open, and the file's name there. */
export interface HeldPlace {
  /** For system calls: it leads into the very folder that was opened. */
  readonly path: string;
  /**
   * Call it before the file is begun and before it takes its place.
   *
   * @throws the system's error when the folder is another one by now
   */
  checkFolder(): void;
  /**
   * Call it before the file takes its place, and sooner where much would be done in vain.
   *
   * @throws Failure when what stands there must not be replaced
   */
  checkTarget(): void;
  release(): void;
}

/** Where a file is to be made. */
export interface FilePlace {
  /** What failures call it. */
  readonly path: string;
  /** Opens its folder; absent: the path alone leads there. @throws as HeldFolders.hold */
  readonly hold?: () => HeldPlace;
}

/** Holds the folder that a file is to be made in. */
export function holdPlace({ path, hold }: FilePlace): HeldPlace {
  const nothing = () => undefined;
  return hold?.() ?? { path, checkFolder: nothing, checkTarget: nothing, release: nothing };
}
