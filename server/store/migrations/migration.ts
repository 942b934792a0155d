/** One step of the schema. Once released it is never edited; what it got wrong is the next one's work. */
export interface Migration {
  /** Counts from 1 without a gap. */
  readonly id: number;
  readonly name: string;
  /** Applied as one batch, all or nothing. No `ON DELETE CASCADE`: a rebuilt table would take its children with it. */
  readonly statements: readonly string[];
}
