import { basename } from 'node:path';
import type { AppConfig } from '../../config/app-config.js';
import { loadConfig } from '../../config/load-config.js';
import { AuditService, account } from '../../modules/audit/audit.service.js';
import { type EvidenceQuestion, EvidenceService } from '../../modules/evidence/files/evidence.service.js';
import { SessionsQuery, sessionFilter } from '../../modules/sessions/search/dto/sessions.query.js';
import { understoodFilter } from '../../modules/sessions/search/session-cursors.js';
import type { CallFilter } from '../../platform/http/call.js';
import { strictQuery } from '../../platform/http/validation/strict-query.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { withApp } from '../context.js';
import { ExportJob } from '../export/export-job.js';
import { queryText } from '../export/export-options.js';
import { type ExportOutput, STANDARD_OUTPUT, openOutput } from '../export/export-output.js';
import { named } from '../export/option-faults.js';
import { Interruption } from '../interruption.js';
import { EvidenceLines } from './evidence-lines.js';
import { EVIDENCE_EXPORT } from './evidence.audit.js';

export interface EvidenceOptions {
  readonly session?: number;
  readonly user?: readonly string[];
  readonly client?: readonly string[];
  readonly from?: readonly string[];
  readonly to?: readonly string[];
  readonly cover?: string;
}

/** Exit code when the file names sessions that cannot be proven yet. */
const INCOMPLETE = 3;

/** Writes sessions with their proofs to a file, from one snapshot and under one checkpoint. */
export async function exportEvidence(path: string, options: EvidenceOptions): Promise<void> {
  if ([path, options.cover].includes(STANDARD_OUTPUT)) throw new Error('Evidence is written to a file only.');
  const config = loadConfig();
  const { question, understood } = understand(options, config);
  const interruption = new Interruption();
  const job = new ExportJob({ action: EVIDENCE_EXPORT, format: 'ndjson', interruption });
  const cover = options.cover === undefined ? null : await openOutput(options.cover, 'never');
  const asked = textsOf(understood);
  const lines = new EvidenceLines({ file: basename(path), asked, by: account(), at: new Date().toISOString() }, cover);
  const work = (service: EvidenceService) => async () => {
    const all = () => lines.of(service.all(question, interruption.signal));
    await job.run({ understood, columns: {}, all }, () => openOutput(path, 'never'));
    job.rows = lines.sessions;
  };
  await withCover(cover, () =>
    withApp(async (app) => {
      const filter = { ...understood, file: basename(path) };
      await job.runRecorded(app.get(AuditService), filter, work(app.get(EvidenceService)));
      if (interruption.exitCode !== undefined) throw new Error('Interrupted: there is no file.');
    }, config),
  ).catch((error: Error) => {
    if (interruption.exitCode === undefined) throw error;
    // A statement that was broken off would keep the process alive.
    process.stderr.write('Interrupted: there is no file.\n');
    process.exit(interruption.exitCode);
  });
  process.stdout.write(`${path}: ${lines.sessions} sessions with evidence\n`);
  if (lines.omitted === 0) return;
  process.stderr.write(`warning: ${lines.omitted} sessions cannot be proven yet; the file only names them\n`);
  process.exitCode = INCOMPLETE;
}

/** The page gets its name after the file, and is removed when there is no file. */
async function withCover(cover: ExportOutput | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    await cover?.complete();
  } catch (error) {
    await cover?.discard().catch(() => undefined);
    throw error;
  }
}

function understand(
  { session, user, client, from, to }: EvidenceOptions,
  config: AppConfig,
): { question: EvidenceQuestion; understood: CallFilter } {
  const hasFilter = [user, client, from, to].some((option) => option !== undefined);
  if (hasFilter === (session !== undefined))
    throw new Error('Give either --session, or at least one of --user, --client, --from and --to.');
  if (session !== undefined) return { question: { sessionId: session }, understood: { sessionId: session } };
  const zone = new TimeZone(config.API_TIME_ZONE);
  const text = queryText('sessions', { user, client, from, to });
  const filter = sessionFilter(named(() => strictQuery(SessionsQuery, text, { zone, nowMs: Date.now() })));
  return { question: { filter }, understood: understoodFilter(filter) };
}

function textsOf(understood: CallFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(understood).map(([name, value]) => [name, [value].flat().join(', ')]));
}
