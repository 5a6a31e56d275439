/** The pages of the menu, in its order. `permission`: who lacks it does not see the page offered. */
export interface MenuPage {
  readonly path:
    | '/'
    | '/plans'
    | '/rollouts'
    | '/retractions'
    | '/appeals'
    | '/account'
    | '/evidence'
    | '/ledger'
    | '/drills'
    | '/settings';
  readonly word: string;
  readonly permission: string;
}

export const menuPages: readonly MenuPage[] = [
  { path: '/', word: 'Home', permission: 'rollout.read' },
  { path: '/plans', word: 'Plans', permission: 'plan.read' },
  { path: '/rollouts', word: 'Rollouts', permission: 'rollout.read' },
  { path: '/retractions', word: 'Put right', permission: 'retraction.read' },
  { path: '/appeals', word: 'Appeals', permission: 'appeal.read' },
  { path: '/account', word: 'Account', permission: 'account.explain' },
  { path: '/evidence', word: 'Evidence', permission: 'evidence.read' },
  { path: '/ledger', word: 'Ledger', permission: 'ledger.read' },
  { path: '/drills', word: 'Drills', permission: 'drill.read' },
  { path: '/settings', word: 'Settings', permission: 'session.own' },
];
