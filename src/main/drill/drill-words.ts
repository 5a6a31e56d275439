import type { CopiedPeople } from '../../adapters/postgres/drill-database.ts';
import type { DrillProgress, DrillReport } from '../../domain/drill/drill-report.ts';

/** What the server tells the process of a drill, once. */
export interface DrillOrder {
  /** Everybody who may act in earnest, so that they take part with their own keys and tokens. */
  readonly people: CopiedPeople;
  /** Made-up people whom the evidence names. */
  readonly named: number;
}

/** What the process of a drill tells the server. */
export type DrillWord =
  /** Its API answers there, on this machine. */
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'progress'; readonly progress: DrillProgress }
  | { readonly kind: 'ended'; readonly report: DrillReport };
