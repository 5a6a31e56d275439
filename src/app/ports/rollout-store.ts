export interface RolloutStore {}
