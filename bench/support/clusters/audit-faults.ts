import type { Application } from '../application.js';
import { databaseRows } from '../database-rows.js';

interface Findings {
  /** Request ids of the calls that were answered with 200. */
  readonly answered: readonly string[];
  readonly contradictions: string[];
}

/** Verifies the chain, and that every answered call has one record. @returns the number of faults */
export async function auditFaults(
  databaseUrl: string,
  app: Application,
  { answered, contradictions }: Findings,
): Promise<number> {
  const before = contradictions.length;
  await app.cli('audit', 'verify').catch((error: Error) => contradictions.push(`audit verify: ${error.message}`));
  const sql = "SELECT request_id AS id, COUNT(*) AS n FROM audit_records WHERE kind = 'request' GROUP BY request_id";
  const records = new Map((await databaseRows(databaseUrl, sql)).map(({ id, n }) => [String(id), Number(n)]));
  for (const id of answered) if (!records.has(id)) contradictions.push(`the call ${id} has no audit record`);
  for (const [id, n] of records) if (n > 1) contradictions.push(`the call ${id} has ${n} audit records`);
  return contradictions.length - before;
}
