import type { Connection, QueryError } from 'mysql2';
import { RawRows } from './raw-rows.js';

interface RowPacket {
  readonly buffer: Buffer;
  /** Of the first field. */
  readonly offset: number;
  isEOF(): boolean;
}

/** A query of mysql2 at work: the driver calls `row` with each packet, and goes on with what it returns. */
interface QueryCommand {
  row(packet: RowPacket): unknown;
}

/**
 * Runs a statement and keeps its rows as bytes. mysql2 decodes each field into a JavaScript value, which for long answers
 * costs several times what the rest of the work does, and has no option to leave it; so its row step is replaced on this
 * one command. The end of the rows, and errors, go the driver's own way. Tested on every engine, as it leans on the
 * driver's insides (`lib/commands/query.js`).
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
