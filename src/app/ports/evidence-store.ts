export interface EvidenceStore {}
