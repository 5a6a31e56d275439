export interface RetractionStore {}
