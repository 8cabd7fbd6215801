import { jsonFormat } from '../reading/json-lines.js';
import { jsonObjects } from '../reading/json-values.js';
import { byteCounter } from '../reading/file-bytes.js';
import { JournaldSessions } from './journald-sessions.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';

const FORMAT = jsonFormat(
  'JSON of the systemd journal (journalctl -o json)',
  (fields) => '__REALTIME_TIMESTAMP' in fields,
);

/**
 * Sessions of the systemd journal, as `journalctl -o json` (or json-pretty) writes it. Format: journalctl(1),
 * systemd.journal-fields(7), and "Journal Export Formats" of systemd.
 */
export async function* readJournald(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const journal = new JournaldSessions(options.host);
  for await (const line of jsonObjects(paths, byteCounter(options.onProgress), FORMAT)) {
    if ('rejected' in line) yield line;
    else yield* journal.entry(line.value, line.position);
  }
  yield* journal.sessions.rest();
}
