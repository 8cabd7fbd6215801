import { databaseRows } from './database-rows.js';

/** Counts for one `externalId`: session rows, activities, and distinct activities. */
export interface StoredSession {
  readonly externalId: string;
  readonly rows: number;
  readonly activities: number;
  readonly distinctActivities: number;
}

/** Reads the counts of all sessions whose `externalId` starts with `prefix`, directly from the database. */
export async function storedSessions(databaseUrl: string, prefix: string): Promise<StoredSession[]> {
  const sql = `SELECT s.external_id AS externalId, COUNT(DISTINCT s.id) AS ${'`rows`'}, COUNT(a.at) AS activities,
    COUNT(DISTINCT a.title) AS distinctActivities FROM sessions s LEFT JOIN activities a ON a.session_id = s.id
    WHERE s.external_id LIKE ? GROUP BY s.external_id`;
  return (await databaseRows(databaseUrl, sql, [`${prefix}%`])) as unknown as StoredSession[];
}
