import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import type { CsvOptions } from './csv/csv-options.js';

/**
 * One result of reading a log: a session record, or a piece of the file that could not be used, with the reason. `raw` is
 * the original text where there is one; it is not cleaned.
 */
export type LogItem =
  | { readonly position: string; readonly record: IngestRecord; readonly raw?: string }
  | { readonly position: string; readonly rejected: string; readonly raw?: string };

/** What the summary of an import must say about how the log was read. */
export type ReadingNote =
  /** The stamps have no year. `year` is that of the first stamp. */
  | { readonly kind: 'year-guessed'; readonly year: number }
  /** Some stamps have no offset, and no zone was given. */
  | { readonly kind: 'zone-assumed'; readonly zone: string }
  | { readonly kind: 'remark'; readonly text: string };

/** Options of every reader. */
export interface LogReaderOptions {
  /** Name of the machine that wrote the files; becomes `clientName`, and `clientGuid` where the log has no better one. */
  readonly host: string;
  /** IANA zone for stamps without an offset. */
  readonly timeZone: string;
  /** Whether the zone was chosen for this log; otherwise it is a default, and its use is noted. */
  readonly isZoneGiven?: boolean;
  /** Year of the first stamp, for logs whose stamps have none. */
  readonly year?: number;
  /** Windows: which types of logon are sessions. */
  readonly logonTypes?: string;
  /** Tables: the meaning of the columns. */
  readonly csv?: CsvOptions;
  /** Called with the number of bytes consumed so far, as the files are stored (compressed or not). */
  readonly onProgress?: (bytes: number) => void;
  readonly onNote?: (note: ReadingNote) => void;
}

/**
 * Reads log files, in the order given and as one log, and yields sessions. Memory is bounded by the number of sessions,
 * not by the size of the files.
 *
 * @throws WrongFormatError when a file is not of the format that the reader expects
 */
export type LogReader = (paths: readonly string[], options: LogReaderOptions) => AsyncGenerator<LogItem>;
