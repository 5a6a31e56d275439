export interface ConsoleFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Null where it would not be smaller. */
  readonly gzip: Uint8Array<ArrayBuffer> | null;
  readonly contentType: string;
}

/** The built console, read once at start; or why there is none. */
export type ConsoleFiles =
  | {
      readonly kind: 'built';
      readonly page: string;
      /** By name below `/console/assets/`; each name holds a digest of its content. */
      readonly assets: ReadonlyMap<string, ConsoleFile>;
    }
  | { readonly kind: 'missing'; readonly why: string };
