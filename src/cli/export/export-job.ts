import type { AuditAction } from '../../modules/audit/port/audit-action.js';
import type { AuditService } from '../../modules/audit/audit.service.js';
import type { CallFilter } from '../../platform/http/call.js';
import { type FileFormat, type ListFile, listPieces } from '../../platform/http/streaming/list-files.js';
import type { Interruption } from '../interruption.js';
import type { ExportOutput } from './export-output.js';
import { ExportProgress } from './export-progress.js';
import type { ExportSpan } from './export-span.js';

export interface ExportSettings {
  readonly action: AuditAction;
  /** Absent where the progress of the list cannot be told. */
  readonly span?: ExportSpan;
  readonly format: FileFormat;
  readonly interruption: Interruption;
}

/** One export: writes the pieces of a file, and knows what was written. */
export class ExportJob {
  rows = 0;
  bytes = 0;
  private readonly started = performance.now();

  constructor(private readonly settings: ExportSettings) {}

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** Records the question before anything is read, and the number of rows afterwards, also when the export fails. */
  async runRecorded(audit: AuditService, filter: CallFilter, work: () => Promise<void>): Promise<void> {
    const { action, interruption } = this.settings;
    let failure: Error | undefined;
    const run = () => work().catch((error: Error) => void (failure = error));
    const exitCode = () => interruption.exitCode ?? (failure ? 1 : 0);
    await audit.command(action, filter, run, () => ({ exitCode: exitCode(), rows: this.rows }));
    if (failure && interruption.exitCode === undefined) throw failure;
  }

  async run(file: ListFile<object>, open: () => Promise<ExportOutput>): Promise<void> {
    const output = await open();
    const { span } = this.settings;
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
