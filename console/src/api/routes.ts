import type { appealRoutes } from '../../../src/contract/appeal.ts';
import type { approvalRoutes } from '../../../src/contract/approval.ts';
import type { correctionRoutes } from '../../../src/contract/correction.ts';
import type { deploymentRoutes } from '../../../src/contract/deployment.ts';
import type { drillRoutes } from '../../../src/contract/drill.ts';
import type { evidenceRoutes } from '../../../src/contract/evidence.ts';
import type { explainRoutes } from '../../../src/contract/explain.ts';
import type { ledgerRoutes } from '../../../src/contract/ledger.ts';
import type { lossRoutes } from '../../../src/contract/loss.ts';
import type { operatorRoutes } from '../../../src/contract/operator.ts';
import type { noticePreviewRoutes } from '../../../src/contract/notice-preview.ts';
import type { overviewRoutes } from '../../../src/contract/overview.ts';
import type { passkeyRoutes } from '../../../src/contract/passkey.ts';
import type { planRoutes } from '../../../src/contract/plan.ts';
import type { retentionRoutes } from '../../../src/contract/retention.ts';
import type { retractionRoutes } from '../../../src/contract/retraction.ts';
import type { reviewRoutes } from '../../../src/contract/review.ts';
import type { rolloutRoutes } from '../../../src/contract/rollout.ts';
import type { AnswerOf, InputOf } from '../../../src/contract/route-types.ts';
import type { sessionRoutes } from '../../../src/contract/session.ts';
import type { statementRoutes } from '../../../src/contract/statement.ts';
import type { subjectRoutes } from '../../../src/contract/subject.ts';
import type { suppressionRoutes } from '../../../src/contract/suppression.ts';

type AnyOf<Routes> = Routes[keyof Routes];

/** Every route that the console may call. Only types are taken: the schemas stay on the server. */
type Known =
  | AnyOf<typeof appealRoutes>
  | AnyOf<typeof approvalRoutes>
  | AnyOf<typeof correctionRoutes>
  | AnyOf<typeof deploymentRoutes>
  | AnyOf<typeof drillRoutes>
  | AnyOf<typeof evidenceRoutes>
  | AnyOf<typeof explainRoutes>
  | AnyOf<typeof ledgerRoutes>
  | AnyOf<typeof lossRoutes>
  | AnyOf<typeof operatorRoutes>
  | AnyOf<typeof noticePreviewRoutes>
  | AnyOf<typeof overviewRoutes>
  | AnyOf<typeof passkeyRoutes>
  | AnyOf<typeof planRoutes>
  | AnyOf<typeof retentionRoutes>
  | AnyOf<typeof retractionRoutes>
  | AnyOf<typeof reviewRoutes>
  | AnyOf<typeof rolloutRoutes>
  | AnyOf<typeof sessionRoutes>
  | AnyOf<typeof statementRoutes>
  | AnyOf<typeof subjectRoutes>
  | AnyOf<typeof suppressionRoutes>;

/** A route by its method and path, as the contract has them: `get /api/v1/plans/{plan}`. */
type NameOf<R> = R extends { method: infer Method extends string; path: infer Path extends string }
  ? `${Method} ${Path}`
  : never;

export type RouteName = NameOf<Known>;

export type RouteNamed<Name extends RouteName> = Name extends `${infer Method} ${infer Path}`
  ? Extract<Known, { method: Method; path: Path }>
  : never;

export type Input<Name extends RouteName> = InputOf<RouteNamed<Name>>;

export type Answer<Name extends RouteName> = AnswerOf<RouteNamed<Name>>;
