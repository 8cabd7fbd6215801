import { AuditService } from '../modules/audit/audit.service.js';
import { migrate, withApp } from './context.js';

/** Brings the schema up to date, records that in the audit log and prints the names of the migrations. */
export async function migrateAndRecord(): Promise<void> {
  const done = await migrate();
  // Before, there may be no table to record it in.
  if (done.length > 0) await withApp((app) => app.get(AuditService).recordMigrations(done));
  process.stdout.write(done.length > 0 ? `${done.join('\n')}\n` : 'The schema is up to date.\n');
}
