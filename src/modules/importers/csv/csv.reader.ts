import { InstantSyntaxError } from '../../../platform/time/parse-instant.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { clientGuidOf, cutText, externalIdOf } from '../client-guid.js';
import { byteCounter } from '../reading/file-bytes.js';
import { wrongFormat } from '../reading/format-check.js';
import { LogZone } from '../reading/log-zone.js';
import type { LogItem, LogReader } from '../log-reader.js';
import { recordOrigin } from '../record-origin.js';
import type { LogonType } from '../../sessions/port/logon-type.js';
import { CsvColumns } from './csv-columns.js';
import type { CsvField } from './csv-options.js';
import type { CsvPreset } from './csv-presets.js';
import { csvRows } from './csv-rows.js';
import { type DateReader, dateReader } from './date-format.js';

/** How databases write a missing value. */
const NOTHING = /^(\\N|NULL)?$/i;

interface Table {
  readonly columns: CsvColumns;
  readonly readDate: DateReader;
  readonly host: string;
  readonly preset: CsvPreset;
}

/**
 * A reader of tables with one session per row. Format: RFC 4180, with other delimiters allowed; the mapping says which column
 * holds which field.
 *
 * @throws RangeError when a column is missing, a field has no column, or the date format is invalid; WrongFormatError when a
 *   file is not a table
 */
export function csvReader(preset: CsvPreset): LogReader {
  return async function* readCsv(paths, options): AsyncGenerator<LogItem> {
    const { map = preset.map, dateFormat = 'iso', delimiter = ',', header = true } = options.csv ?? {};
    const readDate = dateReader(dateFormat, new LogZone(options));
    const missing = (['user', 'login'] as const).filter((field) => !map.has(field));
    if (missing.length > 0) throw new RangeError(`The map names no column for ${missing.join(' and ')}.`);
    let table: Table | undefined;
    let file = '';
    for await (const row of csvRows(paths, delimiter, byteCounter(options.onProgress))) {
      if ('rejected' in row) {
        yield row;
        continue;
      }
      if (!table || row.path !== file) {
        file = row.path;
        const optional = options.csv?.map ? undefined : preset.optional;
        const columns = await findColumns(
          withOptional(map, optional, header ? row.cells : []),
          header ? row.cells : undefined,
          file,
        );
        table = { columns, readDate, host: options.host, preset };
        if (header) continue;
      }
      const item = readRow(row.cells, row.position, table);
      if (item) yield { ...item, raw: row.raw };
    }
  };
}

/** Adds the optional columns that the table has. */
function withOptional(
  map: ReadonlyMap<CsvField, string>,
  optional: CsvPreset['optional'],
  header: readonly string[],
): ReadonlyMap<CsvField, string> {
  const names = header.map((name) => name.trim());
  return new Map([...map, ...[...(optional ?? [])].filter(([, column]) => names.includes(column))]);
}

/** Reports the actual format of a file without the columns, unless it is a table. */
async function findColumns(
  map: ReadonlyMap<CsvField, string>,
  header: readonly string[] | undefined,
  path: string,
): Promise<CsvColumns> {
  try {
    return new CsvColumns(map, header);
  } catch (error) {
    const wrong = await wrongFormat(path, 'a table with the expected columns');
    throw /looks like a table|plain text/.test(wrong.message) ? error : wrong;
  }
}

function readRow(cells: readonly string[], position: string, table: Table): LogItem | undefined {
  const { columns, preset, host } = table;
  if (preset.isSession && !preset.isSession((name) => columns.named(cells, name))) return undefined;
  const cell = (field: CsvField) => {
    const text = cleanText(columns.cell(cells, field) ?? '').trim();
    return NOTHING.test(text) ? '' : text;
  };
  const date = (field: CsvField) => readCell(cell(field), field, table.readDate);
  try {
    const login = date('login');
    if (login === null) return { position, rejected: 'login is empty' };
    const [logoutDate, lastSeen] = [date('logout'), date('last-seen')];
    const [user, domain, client] = [cell('user'), cell('domain'), cell('client')];
    const name = cell('client-name') || client || host;
    const id = cell('id');
    const record = {
      externalId: externalIdOf(id === '' ? `csv:${Date.parse(login)}:${user}` : `${preset.idPrefix}${id}`),
      ...{ clientGuid: clientGuidOf(client || name), clientName: cutText(name, 255), userName: user },
      ...(domain === '' ? {} : { userDomain: domain }),
      ...{ loginDate: login, logoutDate },
      ...(lastSeen === null ? {} : { lastSeen }),
      ...recordOrigin({ address: cell('remote-address'), host: cell('remote-host'), terminal: cell('terminal') }),
      ...(cell('logon-type') === '' ? {} : { logonType: cell('logon-type') as LogonType }),
    };
    return { position, record };
  } catch (error) {
    if (error instanceof InstantSyntaxError) return { position, rejected: error.message };
    throw error;
  }
}

/** @returns ISO text in UTC; null for an empty cell. @throws InstantSyntaxError that names the field */
function readCell(text: string, field: CsvField, read: DateReader): string | null {
  if (text === '') return null;
  try {
    return new Date(read(text)).toISOString();
  } catch (error) {
    if (error instanceof InstantSyntaxError) throw new InstantSyntaxError(`${field} ${error.message}`);
    throw error;
  }
}
