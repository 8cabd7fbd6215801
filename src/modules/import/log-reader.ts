import type { IngestRecord } from '../ingest/ingest-record.js';

/** One thing a log reader found: a session record, or a piece of the file that it could not use, and why. */
export type LogItem =
  | { readonly position: string; readonly record: IngestRecord }
  | { readonly position: string; readonly rejected: string };

/** What every reader is told beside the file. */
export interface LogReaderOptions {
  /** Name of the machine that wrote the file; becomes `clientName`, and `clientGuid` where the log has no better one. */
  readonly host: string;
  /** IANA zone for stamps without an offset. */
  readonly timeZone: string;
  /** Year of the first stamp, for logs whose stamps carry none. */
  readonly year?: number;
  /** Called with the number of bytes consumed so far, for a progress bar. */
  readonly onProgress?: (bytes: number) => void;
}

/** Reads one log file from its beginning and yields sessions in constant memory (what is open is all that it keeps). */
export type LogReader = (path: string, options: LogReaderOptions) => AsyncGenerator<LogItem>;
