import { Command } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { COMMAND_LINE } from '../modules/access/keys/actor.js';
import { KeysService } from '../modules/access/keys/keys.service.js';
import { AuditService } from '../modules/audit/audit.service.js';
import { IngestionService, MAX_BATCH } from '../modules/ingestion/ingestion.service.js';
import { SessionsService } from '../modules/sessions/sessions.service.js';
import { sampleOrganisation } from '../modules/sample/sample-organisation.js';
import { usesTls } from '../platform/http/server/http-server.js';
import { startServer } from '../serve.js';
import { migrate } from './context.js';

const KEY = { name: 'quickstart', scopes: ['sessions:read', 'ingest:write'] as const };

/** Everything that a first look needs: schema, a small organisation's week, a key, and a server. A second run keeps the data. */
export function quickstartCommand(): Command {
  return new Command('quickstart').description('serve a bundled sample on the embedded database').action(async () => {
    const config = Object.assign(loadConfig(), { LOG_LEVEL: 'warn' });
    const migrations = await migrate(config);
    const app = await startServer(config);
    const audit = app.get(AuditService);
    if (migrations.length > 0) await audit.recordMigrations(migrations);
    const scheme = usesTls(config) ? 'https' : 'http';
    const address = `${scheme}://${config.HOST}:${(app.getHttpServer().address() as { port: number }).port}`;
    if (await isEmpty(app.get(SessionsService))) {
      const load = () => loadSample(app.get(IngestionService));
      await audit.command('sample.load', {}, load, (rows) => ({ exitCode: 0, rows }));
    }
    const key = await audit.command('keys.create', { name: KEY.name, scopes: KEY.scopes.join(' ') }, () =>
      createKey(app.get(KeysService)),
    );
    const start = new Date(Date.now() - 86_400_000).toISOString().slice(0, 13);
    const lines = [
      '',
      `Documentation, to try in a browser:  ${address}/docs`,
      `Your key for "Authorize" there:      ${key}`,
      '',
      'The sessions since this time yesterday:',
      '',
      `curl -s -H 'ApiKey: ${key}' '${address}/ekranapi/sessions?start=${start}:00Z'`,
      '',
    ];
    process.stdout.write(lines.join('\n'));
  });
}

async function createKey(keys: KeysService): Promise<string> {
  const unlimited = { expiresAt: null, cidrs: null, clientGuids: null };
  return (await keys.create({ ...KEY, ...unlimited }, COMMAND_LINE)).key;
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
