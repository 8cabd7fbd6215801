import { basename } from 'node:path';
import { loadConfig } from '../../config/load-config.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import type { CallFilter } from '../../platform/http/call.js';
import { ProblemError } from '../../platform/http/problems/problem.js';
import { type FileFormat, type ListFile, listPieces } from '../../platform/http/streaming/list-files.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { withApp } from '../context.js';
import { Interruption } from '../interruption.js';
import { EXPORT_LISTS, type ExportQuestion } from './export-lists.js';
import { type ExportListName, type ExportOptions, optionName, queryText } from './export-options.js';
import { type ExportOutput, STANDARD_OUTPUT, openOutput } from './export-output.js';
import { ExportProgress } from './export-progress.js';

/** Writes everything that matches to a file, in the bytes that the HTTP API answers. */
export async function runExport(list: ExportListName, path: string, options: ExportOptions): Promise<void> {
  const config = loadConfig();
  const reading = { zone: new TimeZone(config.API_TIME_ZONE), nowMs: Date.now() };
  const question = named(() => EXPORT_LISTS[list](queryText(list, options), reading));
  const format = options.format ?? (path.endsWith('.ndjson') ? 'ndjson' : 'csv');
  const interruption = new Interruption();
  const job = new ExportJob({ question, format, interruption });
  const open = () => openOutput(path, options.overwrite ?? false);
  await withApp(async (app) => {
    const file = question.file(app, interruption.signal);
    const filter = { ...file.understood, format, file: basename(path) };
    await job.runRecorded(app.get(AuditService), filter, () => job.run(file, open));
  }, config);
  // A statement that was broken off would keep the process alive.
  if (interruption.exitCode !== undefined) {
    process.stderr.write('Interrupted: the export is not complete.\n');
    process.exit(interruption.exitCode);
  }
  const report = `${job.rows.toLocaleString('en')} rows, ${job.bytes.toLocaleString('en')} bytes in ${job.seconds.toFixed(1)} s\n`;
  if (path !== STANDARD_OUTPUT) process.stdout.write(`${path}: ${report}`);
}

/** Names options instead of parameters. */
function named<T>(understand: () => T): T {
  try {
    return understand();
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.errors) throw error;
    throw new Error(error.errors.map(({ parameter, detail }) => `${optionName(parameter)}: ${detail}`).join('\n'), {
      cause: error,
    });
  }
}

interface ExportSettings {
  readonly question: ExportQuestion;
  readonly format: FileFormat;
  readonly interruption: Interruption;
}

/** One export: writes the pieces of a file, and knows what was written. */
class ExportJob {
  rows = 0;
  bytes = 0;
  private readonly started = performance.now();

  constructor(private readonly settings: ExportSettings) {}

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** Records the question before anything is read, and the number of rows afterwards, also when the export fails. */
  async runRecorded(audit: AuditService, filter: CallFilter, work: () => Promise<void>): Promise<void> {
    const { question, interruption } = this.settings;
    let failure: Error | undefined;
    const run = () => work().catch((error: Error) => void (failure = error));
    const exitCode = () => interruption.exitCode ?? (failure ? 1 : 0);
    await audit.command(question.action, filter, run, () => ({ exitCode: exitCode(), rows: this.rows }));
    if (failure && interruption.exitCode === undefined) throw failure;
  }

  async run(file: ListFile<object>, open: () => Promise<ExportOutput>): Promise<void> {
    const output = await open();
    const { span } = this.settings.question;
    const progress = new ExportProgress(span !== undefined);
    let part = 0;
    const measured: ListFile<object> = {
      ...file,
      all: () => observed(file.all(), (last) => (part = span?.(last) ?? 0)),
    };
    try {
      for await (const { text, rows } of listPieces(measured, this.settings.format)) {
        const bytes = Buffer.from(text);
        await this.unlessInterrupted(output.write(bytes));
        this.rows += rows;
        this.bytes += bytes.length;
        progress.update(this.rows, this.bytes, part);
      }
      await output.complete();
    } catch (error) {
      await output.discard();
      throw error;
    } finally {
      progress.stop();
    }
  }

  /** A reader that has stopped reading must not prevent the interruption. */
  private async unlessInterrupted(work: Promise<void>): Promise<void> {
    const { signal } = this.settings.interruption;
    let stop = () => {};
    const interrupted = new Promise<void>((_, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop);
    });
    try {
      signal.throwIfAborted();
      await Promise.race([work, interrupted]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

async function* observed(
  parts: AsyncGenerator<readonly object[]>,
  saw: (last: object) => void,
): AsyncGenerator<readonly object[]> {
  for await (const items of parts) {
    const last = items.at(-1);
    if (last) saw(last);
    yield items;
  }
}
