/** Outcome of one record. */
export interface RecordResult {
  /** Null when the record has no readable one. */
  readonly externalId: string | null;
  /** Null when the record was rejected. */
  readonly sessionId: number | null;
  readonly status: 'created' | 'updated' | 'unchanged' | 'rejected';
  /** Why a record was rejected. */
  readonly detail?: string;
  /** Number of activities that the record added. */
  readonly activities: number;
}

export function rejected(externalId: string | null, detail: string): RecordResult {
  return { externalId, sessionId: null, status: 'rejected', detail, activities: 0 };
}
