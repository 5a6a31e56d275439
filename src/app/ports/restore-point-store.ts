export interface RestorePointStore {}
