import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AccountPage } from './account/AccountPage.tsx';
import { AppealListPage } from './appeal/AppealListPage.tsx';
import { AppealPage } from './appeal/AppealPage.tsx';
import { DrillListPage } from './drill/DrillListPage.tsx';
import { DrillPage } from './drill/DrillPage.tsx';
import { BatchPage } from './evidence/BatchPage.tsx';
import { EvidenceListPage } from './evidence/EvidenceListPage.tsx';
import { ImportPage } from './evidence/ImportPage.tsx';
import { HomePage } from './home/HomePage.tsx';
import { LedgerPage } from './ledger/LedgerPage.tsx';
import { readLedgerFilter } from './ledger/ledger-filter.ts';
import { LossPage } from './loss/LossPage.tsx';
import { DraftPage } from './plan/DraftPage.tsx';
import { readDraftSearch } from './plan/draft-search.ts';
import { PlanListPage } from './plan/PlanListPage.tsx';
import { PlanPage } from './plan/PlanPage.tsx';
import { RetractionListPage } from './retraction/RetractionListPage.tsx';
import { RetractionPage } from './retraction/RetractionPage.tsx';
import { ReviewPage } from './review/ReviewPage.tsx';
import { RolloutListPage } from './rollout/RolloutListPage.tsx';
import { RolloutPage } from './rollout/RolloutPage.tsx';
import { SettingsPage } from './settings/SettingsPage.tsx';
import { AbsentPage } from './shell/AbsentPage.tsx';
import { FailedPage } from './shell/FailedPage.tsx';
import { Shell } from './shell/Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: AbsentPage });

const pages = [
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  createRoute({ getParentRoute: () => root, path: '/plans', component: PlanListPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/plans/new',
    component: DraftPage,
    validateSearch: readDraftSearch,
  }),
  createRoute({ getParentRoute: () => root, path: '/plans/$plan', component: PlanPage }),
  createRoute({ getParentRoute: () => root, path: '/plans/$plan/review', component: ReviewPage }),
  createRoute({ getParentRoute: () => root, path: '/rollouts', component: RolloutListPage }),
  createRoute({ getParentRoute: () => root, path: '/rollouts/$subject', component: RolloutPage }),
  createRoute({ getParentRoute: () => root, path: '/retractions', component: RetractionListPage }),
  createRoute({ getParentRoute: () => root, path: '/retractions/$subject', component: RetractionPage }),
  createRoute({ getParentRoute: () => root, path: '/account', component: AccountPage }),
  createRoute({ getParentRoute: () => root, path: '/evidence', component: EvidenceListPage }),
  createRoute({ getParentRoute: () => root, path: '/evidence/new', component: ImportPage }),
  createRoute({ getParentRoute: () => root, path: '/evidence/$batch', component: BatchPage }),
  createRoute({ getParentRoute: () => root, path: '/appeals', component: AppealListPage }),
  createRoute({ getParentRoute: () => root, path: '/appeals/$appeal', component: AppealPage }),
  createRoute({ getParentRoute: () => root, path: '/drills', component: DrillListPage }),
  createRoute({ getParentRoute: () => root, path: '/drills/$drill', component: DrillPage }),
  createRoute({ getParentRoute: () => root, path: '/loss', component: LossPage }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsPage }),
  createRoute({ getParentRoute: () => root, path: '/ledger', component: LedgerPage, validateSearch: readLedgerFilter }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: '/console',
  defaultErrorComponent: FailedPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}
