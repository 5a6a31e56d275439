import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { HomePage } from './home/HomePage.tsx';
import { DraftPage } from './plan/DraftPage.tsx';
import { PlanListPage } from './plan/PlanListPage.tsx';
import { PlanPage } from './plan/PlanPage.tsx';
import { ReviewPage } from './review/ReviewPage.tsx';
import { RolloutListPage } from './rollout/RolloutListPage.tsx';
import { RolloutPage } from './rollout/RolloutPage.tsx';
import { AbsentPage } from './shell/AbsentPage.tsx';
import { FailedPage } from './shell/FailedPage.tsx';
import { Shell } from './shell/Shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: AbsentPage });

const pages = [
  createRoute({ getParentRoute: () => root, path: '/', component: HomePage }),
  createRoute({ getParentRoute: () => root, path: '/plans', component: PlanListPage }),
  createRoute({ getParentRoute: () => root, path: '/plans/new', component: DraftPage }),
  createRoute({ getParentRoute: () => root, path: '/plans/$plan', component: PlanPage }),
  createRoute({ getParentRoute: () => root, path: '/plans/$plan/review', component: ReviewPage }),
  createRoute({ getParentRoute: () => root, path: '/rollouts', component: RolloutListPage }),
  createRoute({ getParentRoute: () => root, path: '/rollouts/$subject', component: RolloutPage }),
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
