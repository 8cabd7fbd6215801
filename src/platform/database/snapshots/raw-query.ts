import type { Connection, QueryError } from 'mysql2';
import { RawRows } from './raw-rows.js';

interface RowPacket {
  readonly buffer: Buffer;
  /** Offset of the first field. */
  readonly offset: number;
  isEOF(): boolean;
}

/** A running query of mysql2: the driver calls `row` with each packet and continues with the function that it returns. */
interface QueryCommand {
  row(packet: RowPacket): unknown;
}

/**
 * Runs a statement and keeps its rows as bytes. mysql2 decodes each field to a JavaScript value, which for long answers costs
 * several times as much as all other work, and has no option to skip this. Therefore the row step of this one command is
 * replaced; the driver still handles the end of the rows and errors. Tested on every engine, because it depends on
 * driver internals (`lib/commands/query.js`).
 */
export function rawQuery(connection: Connection, sql: string, values: readonly unknown[]): Promise<RawRows> {
  return new Promise((resolve, reject) => {
    const rows = new RawRows();
    const done = (error: QueryError | null) => (error ? reject(error) : resolve(rows));
    const command = connection.query({ sql, values: [...values], rowsAsArray: true }, done) as unknown as QueryCommand;
    const ownRow = command.row;
    const keep = (packet: RowPacket): unknown => {
      if (packet.isEOF()) return ownRow.call(command, packet);
      rows.add(packet.buffer, packet.offset);
      return keep;
    };
    command.row = keep;
  });
}
