import type { CsvField } from './csv-options.js';

/** The columns of a known table. */
export interface CsvPreset {
  readonly map: ReadonlyMap<CsvField, string>;
  /** Columns that an export may lack. */
  readonly optional?: ReadonlyMap<CsvField, string>;
  /** Prefix of ids, so that ids of different systems stay different. */
  readonly idPrefix: string;
  /** Whether a row is a session, given its cells by column name; absent when every row is one. */
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
  optional: new Map([['remote-host', 'remote_host']]),
  idPrefix: 'guacamole:',
};

/**
 * Table terminal_session of JumpServer: apps/terminal/models/session/session.py. A row whose is_success is false is a
 * refused connection.
 */
export const JUMPSERVER: CsvPreset = {
  map: new Map([
    ['id', 'id'],
    ['client', 'asset'],
    ['user', 'user'],
    ['login', 'date_start'],
    ['logout', 'date_end'],
  ]),
  optional: new Map([
    ['remote-address', 'remote_addr'],
    ['terminal', 'login_from'],
  ]),
  idPrefix: 'jumpserver:',
  isSession: (cell) => !/^(0|f|false)$/i.test(cell('is_success')?.trim() ?? ''),
};
