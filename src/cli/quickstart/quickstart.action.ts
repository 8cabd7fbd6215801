import { join } from 'node:path';
import type { ShutdownSignal } from '@nestjs/common';
import { AppConfig } from '../../config/app-config.js';
import { ConfigError } from '../../config/config-error.js';
import { loadConfig } from '../../config/load-config.js';
import { PROGRAM } from '../../config/program-name.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { IngestionService, MAX_BATCH } from '../../modules/ingestion/ingestion.service.js';
import { SAMPLE_LOAD } from '../../modules/sample/sample.audit.js';
import { sampleOrganisation } from '../../modules/sample/sample-organisation.js';
import { SessionsService } from '../../modules/sessions/sessions.service.js';
import { serverAddress } from '../../platform/http/server/listen.js';
import { startServer } from '../../serve.js';
import { migrate } from '../context.js';
import { quickstartKey } from './quickstart-key.js';
import { quickstartLink } from './quickstart-link.js';

export interface QuickstartOptions {
  readonly folder: string;
}

/** Starts a server for a first look, with a key and one week of sample data of a small organisation. */
export async function quickstart({ folder }: QuickstartOptions): Promise<void> {
  const config = sampleConfig(folder);
  const migrations = await migrate(config);
  const app = await startServer(config);
  // A terminal that closes sends SIGHUP; unlike a service, the quickstart then ends.
  app.enableShutdownHooks(['SIGHUP' as ShutdownSignal]);
  const audit = app.get(AuditService);
  if (migrations.length > 0) await audit.recordMigrations(migrations);
  if (await isEmpty(app.get(SessionsService))) {
    const load = () => loadSample(app.get(IngestionService));
    await audit.command(SAMPLE_LOAD, {}, load, (rows) => ({ exitCode: 0, rows }));
  }
  const keyFile = join(folder, 'quickstart-key');
  const key = await quickstartKey(app, keyFile);
  const address = serverAddress(app, config);
  const link = await quickstartLink(app, config, { address, key });
  process.stdout.write(instructions({ address, link, key, keyFile }));
}

/**
 * The sample has a separate database and separate audit files, so that it never mixes with real data.
 *
 * @throws ConfigError when DATABASE_URL is set, because the user may expect that the quickstart serves that database
 */
function sampleConfig(folder: string): AppConfig {
  const config = loadConfig();
  if (config.DATABASE_URL !== new AppConfig().DATABASE_URL)
    throw new ConfigError([
      'DATABASE_URL is set, but the quickstart serves the sample only.',
      `To serve your own database:  ${PROGRAM} migrate && ${PROGRAM} serve`,
      `To look at the sample all the same:  DATABASE_URL= ${PROGRAM} quickstart`,
    ]);
  return Object.assign(config, {
    DATABASE_URL: `sqlite:${join(folder, 'sample.db')}`,
    AUDIT_SIGNING_KEY: join(folder, 'sample-audit-signing-key.pem'),
    AUDIT_CHECKPOINTS: join(folder, 'sample-audit-checkpoints.ndjson'),
    LOG_LEVEL: 'warn',
  });
}

interface Instructions {
  readonly address: string;
  readonly link: string | undefined;
  readonly key: string;
  readonly keyFile: string;
}

function instructions({ address, link, key, keyFile }: Instructions): string {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 13);
  return [
    '',
    ...(link === undefined ? [] : consoleLines(link)),
    `Documentation, to try in a browser:  ${address}/docs`,
    `Your key for "Authorize" there:      ${key}`,
    `It is kept in ${keyFile} and stays the same in later runs.`,
    '',
    'The sessions since this time yesterday:',
    '',
    `curl -s -H 'ApiKey: ${key}' '${address}/ekranapi/sessions?start=${yesterday}:00Z'`,
    '',
    'Ctrl-C ends the server.',
    '',
  ].join('\n');
}

function consoleLines(link: string): string[] {
  return [
    'The console. This link logs you in, once and within ten minutes:',
    '',
    link,
    '',
    `Afterwards, ${new URL(link).origin} takes the key below.`,
    '',
  ];
}

async function isEmpty(sessions: SessionsService): Promise<boolean> {
  const request = { window: { start: null, end: null }, rowScope: null };
  for await (const { rows } of sessions.list(request, new AbortController().signal)) if (rows.count > 0) return false;
  return true;
}

async function loadSample(ingest: IngestionService): Promise<number> {
  const records = [...sampleOrganisation(Date.now())];
  for (let i = 0; i < records.length; i += MAX_BATCH)
    await ingest.ingest(
      records.slice(i, i + MAX_BATCH).map((value) => ({ value })),
      null,
    );
  return records.length;
}
