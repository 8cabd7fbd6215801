import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import type { CsvOptions } from './csv/csv-options.js';

/**
 * One thing a log reader found: a session record, or a piece of the file that it could not use, and why. `raw` is the
 * text that was there, as far as it is text; whoever shows it cleans it first.
 */
export type LogItem =
  | { readonly position: string; readonly record: IngestRecord; readonly raw?: string }
  | { readonly position: string; readonly rejected: string; readonly raw?: string };

/** What every reader is told beside the files. */
export interface LogReaderOptions {
  /** Name of the machine that wrote the files; becomes `clientName`, and `clientGuid` where the log has no better one. */
  readonly host: string;
  /** IANA zone for stamps without an offset. */
  readonly timeZone: string;
  /** Year of the first stamp, for logs whose stamps carry none. */
  readonly year?: number;
  /** Windows: which kinds of logon are sessions. */
  readonly logonTypes?: string;
  /** Tables: which column is what. */
  readonly csv?: CsvOptions;
  /** Called with the number of bytes consumed so far, of the files as they lie on the disk, for a progress bar. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Reads log files, in the order given and as one log, and yields sessions. What it keeps in memory is bounded by the
 * sessions that it knows, not by the size of the files.
 */
export type LogReader = (paths: readonly string[], options: LogReaderOptions) => AsyncGenerator<LogItem>;
