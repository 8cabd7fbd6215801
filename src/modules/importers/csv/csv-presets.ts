import type { CsvField } from './csv-options.js';

/** Which columns a known table has. */
export interface CsvPreset {
  readonly map: ReadonlyMap<CsvField, string>;
  /** Put before an id, so that ids of different systems stay different. */
  readonly idPrefix: string;
  /** Told a cell by the name of its column; absent when every row is a session. */
  readonly isSession?: (cell: (column: string) => string | undefined) => boolean;
}

export const PLAIN: CsvPreset = { map: new Map(), idPrefix: '' };

/** Table guacamole_connection_history of Apache Guacamole: schema/001-create-schema.sql of guacamole-auth-jdbc. */
export const GUACAMOLE: CsvPreset = {
  map: new Map([
    ['id', 'history_id'],
    ['client', 'connection_name'],
    ['user', 'username'],
    ['login', 'start_date'],
    ['logout', 'end_date'],
  ]),
  idPrefix: 'guacamole:',
};

/**
 * Table terminal_session of JumpServer: apps/terminal/models/session/session.py. A row whose is_success is false is a
 * connection that was refused.
 */
export const JUMPSERVER: CsvPreset = {
  map: new Map([
    ['id', 'id'],
    ['client', 'asset'],
    ['user', 'user'],
    ['login', 'date_start'],
    ['logout', 'date_end'],
  ]),
  idPrefix: 'jumpserver:',
  isSession: (cell) => !/^(0|f|false)$/i.test(cell('is_success')?.trim() ?? ''),
};
