export interface OperatorStore {}
