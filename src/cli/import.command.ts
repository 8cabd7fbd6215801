import { Command, InvalidArgumentError, Option } from 'commander';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { TimeZone } from '../platform/time/time-zone.js';
import { parseCsvMap, parseDelimiter } from '../modules/importers/csv/csv-options.js';
import { AuditService } from '../modules/audit/audit.service.js';
import { runImport, type ImportSummary } from '../modules/importers/import-run.js';
import { LOG_FORMATS } from '../modules/importers/log-formats.js';
import type { CsvOptions } from '../modules/importers/csv/csv-options.js';
import { withApp } from './context.js';
import { dryRunTarget, ingestTarget } from './import-targets.js';
import { ImportProgress } from './import-progress.js';
import { RejectSink } from './reject-sink.js';
import { IMPORT_WRITE } from '../modules/importers/importers.audit.js';

interface Options extends Pick<CsvOptions, 'map' | 'dateFormat' | 'delimiter' | 'header'> {
  format: string;
  host: string;
  timeZone: string;
  year?: number;
  logonTypes?: string;
  rejects?: string;
  dryRun?: boolean;
}

export function importCommand(): Command {
  return new Command('import')
    .description(
      'put the sessions of log files in; doing it again, or with a longer copy, neither loses nor doubles any',
    )
    .argument('<files...>', 'of one log, the oldest first; gzip is read as it is')
    .addOption(
      new Option('--format <name>', 'what the files are').choices(Object.keys(LOG_FORMATS)).makeOptionMandatory(),
    )
    .option('--host <name>', 'the machine that wrote the files, where the log does not name it', hostname())
    .option('--time-zone <zone>', 'IANA zone of stamps without an offset', timeZone, 'UTC')
    .option('--year <year>', 'authlog: year of the first stamp (default: from the date of the file)', yearOf)
    .option('--logon-types <types>', 'windows-security: interactive (2,7,10-13), all, or numbers such as 2,3,10')
    .option('--map <map>', 'csv: which column is what, such as login=Start,logout=End,user=3', valid(parseCsvMap))
    .option('--date-format <format>', 'csv: iso, epoch, epoch-ms, or a pattern such as dd.MM.yyyy HH:mm:ss')
    .option('--delimiter <character>', 'csv: between two cells; the word tab for a tab', valid(parseDelimiter))
    .option('--no-header', 'csv: the first line is a row already')
    .option('--rejects <file>', 'write what was rejected there, a JSON object a line, instead of to standard error')
    .option('--dry-run', 'read and check everything, write nothing; needs no database')
    .action(runCommand);
}

async function runCommand(files: string[], options: Options): Promise<void> {
  const rejects = new RejectSink(options.rejects);
  const started = performance.now();
  try {
    const work = options.dryRun
      ? importFiles(files, options, dryRunTarget(rejects))
      : withApp((app) => recordedImport(app.get(AuditService), files, options, ingestTarget(app, rejects)));
    report(await work, options, (performance.now() - started) / 1000);
  } finally {
    rejects.close();
  }
}

/** What changes something stands in the audit before it is done. */
function recordedImport(
  audit: AuditService,
  files: readonly string[],
  options: Options,
  target: Parameters<typeof runImport>[1],
): Promise<ImportSummary> {
  const filter = { files: files.map((file) => basename(file)).join(' '), format: options.format };
  const work = () => importFiles(files, options, target);
  return audit.command(IMPORT_WRITE, filter, work, ({ counts }) => ({
    exitCode: counts.rejected > 0 ? 2 : 0,
    rows: counts.created + counts.updated,
  }));
}

async function importFiles(
  files: readonly string[],
  { format, host, timeZone: zone, year, logonTypes, ...csv }: Options,
  target: Parameters<typeof runImport>[1],
): Promise<ImportSummary> {
  const progress = new ImportProgress(files);
  const onProgress = (bytes: number) => progress.update(bytes);
  try {
    const read = LOG_FORMATS[format]!;
    return await runImport(read(files, { host, timeZone: zone, year, logonTypes, csv, onProgress }), target);
  } finally {
    progress.stop();
  }
}

function report({ counts, activities }: ImportSummary, { dryRun, rejects }: Options, seconds: number): void {
  const { created, updated, unchanged, rejected, valid: checked } = counts;
  const done = dryRun ? `dry run: valid ${checked}` : `created ${created}, updated ${updated}, unchanged ${unchanged}`;
  process.stdout.write(`${done}, rejected ${rejected}, activities ${activities} in ${seconds.toFixed(1)} s\n`);
  if (rejected === 0) return;
  if (rejects !== undefined) process.stdout.write(`What was rejected is in ${rejects}\n`);
  process.exitCode = 2;
}

/** Turns what a parser throws into commander's message, which names the option. */
function valid<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

function timeZone(text: string): string {
  return valid((id) => new TimeZone(id).id)(text);
}

function yearOf(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('it has four digits.');
  return Number(text);
}
