import { basename } from 'node:path';
import { AuditService } from '../../modules/audit/audit.service.js';
import type { CsvOptions } from '../../modules/importers/csv/csv-options.js';
import { ImportRun, type ImportTarget } from '../../modules/importers/import-run.js';
import type { FormatName } from '../../modules/importers/format-names.js';
import { LOG_FORMATS } from '../../modules/importers/log-formats.js';
import type { ReadingNote } from '../../modules/importers/log-reader.js';
import { withApp } from '../context.js';
import { type ImportInputs, withInputs } from './import-inputs.js';
import { ImportProgress } from './import-progress.js';
import { type ImportReport, reportLines } from './import-report.js';
import { dryRunTarget, ingestTarget } from './import-targets.js';
import { Interruption } from '../interruption.js';
import { RejectSink } from './reject-sink.js';
import { IMPORT_WRITE } from '../../modules/importers/importers.audit.js';

export interface ImportOptions extends Pick<CsvOptions, 'map' | 'dateFormat' | 'delimiter' | 'header'> {
  format: FormatName;
  host: string;
  timeZone: string;
  isZoneGiven: boolean;
  year?: number;
  logonTypes?: string;
  rejects?: string;
  dryRun?: boolean;
}

const SOME_REJECTED = 2;

export async function runImportCommand(files: readonly string[], options: ImportOptions): Promise<void> {
  const interruption = new Interruption();
  const rejects = new RejectSink(options.rejects);
  const job = new ImportJob(files, options, interruption);
  let outcome: ImportReport['outcome'] = 'failed';
  try {
    if (options.dryRun) await job.run(dryRunTarget(rejects));
    else await withApp((app) => job.runRecorded(app.get(AuditService), ingestTarget(app, rejects)));
    outcome = interruption.exitCode === undefined ? 'complete' : 'interrupted';
  } finally {
    rejects.close();
    // A file that could not be read at all needs its error only.
    if (outcome !== 'failed' || job.hasDoneAnything) {
      rejects.report();
      process.stdout.write(`${job.report(outcome).join('\n')}\n`);
    }
  }
  // An abandoned reader would keep the process alive.
  if (interruption.exitCode !== undefined) process.exit(interruption.exitCode);
  process.exitCode = job.exitCode;
}

/** One import: reads the inputs, applies their sessions, and knows what was done. */
class ImportJob {
  private readonly notes: ReadingNote[] = [];
  private readonly started = performance.now();
  private runOfItems: ImportRun | undefined;
  private inputs: ImportInputs | undefined;

  constructor(
    private readonly files: readonly string[],
    private readonly options: ImportOptions,
    private readonly interruption: Interruption,
  ) {}

  get exitCode(): number {
    const rejected = this.runOfItems?.summary.counts.rejected ?? 0;
    return this.interruption.exitCode ?? (rejected > 0 ? SOME_REJECTED : 0);
  }

  get hasDoneAnything(): boolean {
    const { created, updated } = this.runOfItems?.summary.counts ?? { created: 0, updated: 0 };
    return created + updated > 0;
  }

  /** Records the import in the audit log before it changes anything, and its outcome afterwards, also after a signal. */
  async runRecorded(audit: AuditService, target: ImportTarget): Promise<void> {
    const filter = { files: this.files.map((file) => basename(file)).join(' '), format: this.options.format };
    await audit.command(
      IMPORT_WRITE,
      filter,
      () => this.run(target),
      () => {
        const { created, updated } = this.runOfItems!.summary.counts;
        return { exitCode: this.exitCode, rows: created + updated };
      },
    );
  }

  async run(target: ImportTarget): Promise<void> {
    const { signal } = this.interruption;
    this.runOfItems = new ImportRun(target, signal);
    try {
      await withInputs(this.files, signal, (inputs) => this.read(inputs));
    } catch (error) {
      // Copying a pipe throws it.
      if (!signal.aborted) throw error;
    }
  }

  report(outcome: ImportReport['outcome']): string[] {
    return reportLines({
      summary: this.runOfItems!.summary,
      notes: this.notes,
      seconds: (performance.now() - this.started) / 1000,
      dryRun: this.options.dryRun ?? false,
      empty: this.inputs?.empty ?? [],
      isDateOfCopy: this.inputs?.isDateOfCopy ?? false,
      outcome,
      rejectsFile: this.options.rejects,
    });
  }

  private async read(inputs: ImportInputs): Promise<void> {
    this.inputs = inputs;
    const { format, host, timeZone, isZoneGiven, year, logonTypes, ...csv } = this.options;
    const progress = new ImportProgress(inputs.totalBytes);
    const { signal } = this.interruption;
    const onProgress = (bytes: number) => signal.aborted || progress.update(bytes);
    const onNote = (note: ReadingNote) => void this.notes.push(note);
    const readerOptions = { host, timeZone, isZoneGiven, year, logonTypes, csv, onProgress, onNote };
    try {
      await this.runOfItems!.run(LOG_FORMATS[format](inputs.paths, readerOptions));
    } finally {
      progress.stop();
    }
  }
}
