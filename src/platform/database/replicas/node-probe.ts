import { type Connection, createConnection } from 'mysql2';
import { type ServerAddress, serverAccess } from '../connection/server-access.js';
import { HEARTBEAT_SQL, type Heartbeat, heartbeatOf } from './heartbeat.js';

const LIMIT_MS = 2000;

/**
 * Reads the heartbeat of a database on a separate connection, which a database that stands still blocks for LIMIT_MS at most.
 * Where snapshots wait for replication, the probe does so, too: otherwise it would bring back a database that makes them wait.
 */
export class NodeProbe {
  private connection: Connection | undefined;

  constructor(
    private readonly address: ServerAddress,
    private readonly optionalSetting: string,
  ) {}

  async read(): Promise<Heartbeat | undefined> {
    const connection = (this.connection ??= this.connect());
    return new Promise((resolve, reject) =>
      connection.query({ sql: HEARTBEAT_SQL, rowsAsArray: true, timeout: LIMIT_MS }, (error, rows) => {
        if (!error) return resolve(heartbeatOf(rows as unknown as unknown[][]));
        this.close();
        reject(error);
      }),
    );
  }

  close(): void {
    this.connection?.destroy();
    this.connection = undefined;
  }

  private connect(): Connection {
    const types = { charset: 'utf8mb4', dateStrings: true, supportBigNumbers: true };
    const connection = createConnection({ ...serverAccess(this.address), ...types, connectTimeout: LIMIT_MS });
    // The statement that is under way fails with it, too.
    connection.on('error', () => undefined);
    connection.query(this.optionalSetting, () => undefined);
    return connection;
  }
}
