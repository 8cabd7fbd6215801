import { readAuthlog } from './authlog/authlog.reader.js';
import { readCowrie } from './cowrie/cowrie.reader.js';
import { GUACAMOLE, JUMPSERVER, PLAIN } from './csv/csv-presets.js';
import { csvReader } from './csv/csv.reader.js';
import type { FormatName } from './format-names.js';
import { readJournald } from './journald/journald.reader.js';
import type { LogReader } from './log-reader.js';
import { readNdjson } from './ndjson/ndjson.reader.js';
import { readWindowsSecurity } from './windows-security/windows-security.reader.js';
import { readWtmp } from './wtmp/wtmp.reader.js';

export const LOG_FORMATS: Readonly<Record<FormatName, LogReader>> = {
  wtmp: readWtmp,
  authlog: readAuthlog,
  journald: readJournald,
  'windows-security': readWindowsSecurity,
  csv: csvReader(PLAIN),
  guacamole: csvReader(GUACAMOLE),
  jumpserver: csvReader(JUMPSERVER),
  cowrie: readCowrie,
  ndjson: readNdjson,
};
