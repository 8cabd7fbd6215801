import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { AuditService } from '../modules/audit/audit.service.js';
import { IngestService, MAX_BATCH } from '../modules/ingest/ingest.service.js';
import type { LogItem, LogReader } from '../modules/import/log-reader.js';
import { readNdjson } from '../modules/import/ndjson.reader.js';
import { readWtmp } from '../modules/import/wtmp.reader.js';
import { readAuthlog } from '../modules/import/authlog.reader.js';
import { withApp } from './context.js';

const READERS: Record<string, LogReader> = { ndjson: readNdjson, wtmp: readWtmp, authlog: readAuthlog };

interface Options {
  format: string;
  host: string;
  timeZone: string;
  year?: number;
}

export function importCommand(): Command {
  return new Command('import')
    .description(
      'put the sessions of a log file in; doing it again, or with a longer copy, neither loses nor doubles any',
    )
    .argument('<file>')
    .addOption(new Option('--format <name>', 'what the file is').choices(Object.keys(READERS)).makeOptionMandatory())
    .option('--host <name>', 'the machine that wrote the file, where the log does not name it', hostname())
    .option('--time-zone <zone>', 'IANA zone of stamps without an offset', 'UTC')
    .option(
      '--year <year>',
      'year of the first stamp, for stamps without one (default: from the date of the file)',
      yearOf,
    )
    .action(async (file: string, options: Options) => {
      const filter = { file: basename(file), format: options.format };
      const summary = await withApp((app) => {
        const load = () => importFile(file, options, app.get(IngestService));
        return app.get(AuditService).command('import.write', filter, load, ({ counts }) => ({
          exitCode: counts.rejected > 0 ? 2 : 0,
          rows: counts.created + counts.updated,
        }));
      });
      const { created, updated, unchanged, rejected } = summary.counts;
      process.stdout.write(
        `created ${created}, updated ${updated}, unchanged ${unchanged}, rejected ${rejected}, activities ${summary.activities}\n`,
      );
      if (rejected > 0) process.exitCode = 2;
    });
}

async function importFile(file: string, options: Options, ingest: IngestService) {
  const bar = new SingleBar({ format: '{bar} {percentage}% of {total} bytes', noTTYOutput: false });
  const summary = { counts: { created: 0, updated: 0, unchanged: 0, rejected: 0 }, activities: 0 };
  let batch: Extract<LogItem, { record: unknown }>[] = [];
  const flush = async () => {
    const results = await ingest.ingest(
      batch.map((item) => ({ value: item.record })),
      null,
    );
    results.forEach(({ status, detail, activities }, i) => {
      summary.activities += activities;
      summary.counts[status]++;
      if (status === 'rejected') reject(`${batch[i]!.position}: ${detail}`);
    });
    batch = [];
  };
  bar.start(statSync(file).size, 0);
  try {
    for await (const item of READERS[options.format]!(file, { ...options, onProgress: (bytes) => bar.update(bytes) })) {
      if ('rejected' in item) {
        summary.counts.rejected++;
        reject(`${item.position}: ${item.rejected}`);
      } else if (batch.push(item) === MAX_BATCH) await flush();
    }
    await flush();
  } finally {
    bar.stop();
  }
  return summary;
}

function yearOf(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('it has four digits.');
  return Number(text);
}

/** Told as they come: a file of nonsense may have more of them than memory holds. */
function reject(line: string): void {
  process.stderr.write(`rejected ${line}\n`);
}
