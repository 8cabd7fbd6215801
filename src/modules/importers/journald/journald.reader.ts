import { jsonObjects } from '../reading/json-values.js';
import { byteCounter } from '../reading/file-bytes.js';
import { JournaldSessions } from './journald-sessions.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';

/** Sessions of the systemd journal, as `journalctl -o json` writes it (also json-pretty). */
export async function* readJournald(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const journal = new JournaldSessions(options.host);
  for await (const line of jsonObjects(paths, byteCounter(options.onProgress))) {
    if ('rejected' in line) yield line;
    else yield* journal.entry(line.value, line.position);
  }
  yield* journal.sessions.rest();
}
