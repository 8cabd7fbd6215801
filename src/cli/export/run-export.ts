import { basename } from 'node:path';
import { loadConfig } from '../../config/load-config.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { strictQuery } from '../../platform/http/validation/strict-query.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { withApp } from '../context.js';
import { Interruption } from '../interruption.js';
import { ExportJob } from './export-job.js';
import { EXPORT_LISTS } from './export-lists.js';
import { type ExportListName, type ExportOptions, queryText } from './export-options.js';
import { STANDARD_OUTPUT, openOutput } from './export-output.js';
import { named } from './option-faults.js';

/** A list and, for activities, the session that has them. */
export interface ExportedList {
  readonly name: ExportListName;
  readonly sessionId?: number;
}

/** Writes everything that matches to a file, in the bytes that the HTTP API answers. */
export async function runExport(
  { name, sessionId = 0 }: ExportedList,
  path: string,
  options: ExportOptions,
): Promise<void> {
  const config = loadConfig();
  const { type, action, span, file: fileOf } = EXPORT_LISTS[name];
  const nowMs = Date.now();
  const zone = new TimeZone(config.API_TIME_ZONE);
  const query = named(() => strictQuery(type, queryText(name, options), { zone, nowMs }));
  const format = options.format ?? (path.endsWith('.ndjson') ? 'ndjson' : 'csv');
  const interruption = new Interruption();
  const job = new ExportJob({ action, span: span?.(query, nowMs), format, interruption });
  const open = () => openOutput(path, options.overwrite ?? false);
  await withApp(async (app) => {
    const file = fileOf(app, query, interruption.signal, sessionId);
    const filter = { ...file.understood, format, file: basename(path) };
    await job.runRecorded(app.get(AuditService), filter, () => job.run(file, open));
  }, config);
  // A statement that was broken off would keep the process alive.
  if (interruption.exitCode !== undefined) {
    process.stderr.write('Interrupted: the export is not complete.\n');
    process.exit(interruption.exitCode);
  }
  if (path !== STANDARD_OUTPUT) process.stdout.write(`${path}: ${reportOf(job)}\n`);
}

function reportOf({ rows, bytes, seconds }: ExportJob): string {
  return `${rows.toLocaleString('en')} rows, ${bytes.toLocaleString('en')} bytes in ${seconds.toFixed(1)} s`;
}
