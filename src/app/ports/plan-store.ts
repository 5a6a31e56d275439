export interface PlanStore {}
