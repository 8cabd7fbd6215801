import type { Connection } from 'mysql2';
import type { ServerEpochs } from './server-epochs.js';

interface Known {
  readonly name: string | undefined;
  readonly epoch: number;
}

/** Which server the connections of a pool lead to. A lost connection, or one to another server, begins an epoch. */
export class PoolServer<C extends Connection> {
  /** Of the newest connection. */
  private name: string | undefined;
  private readonly known = new WeakMap<C, Known>();
  /** Connections that this process closes. */
  private readonly abandoned = new WeakSet<C>();

  constructor(private readonly epochs: ServerEpochs) {}

  /** To be called first: the statement is queued before any other, so the server is known when another one is answered. */
  opened(connection: C): void {
    for (const event of ['error', 'end'])
      connection.on(event, () => {
        if (!this.abandoned.has(connection)) this.epochs.next();
      });
    serverOf(connection, (name) => {
      if (name !== undefined && this.name !== undefined && name !== this.name) this.epochs.next();
      this.name = name ?? this.name;
      this.known.set(connection, { name, epoch: this.epochs.current });
    });
  }

  /** Whether the connection is new or of the current epoch. One of an earlier epoch may lead to a server that was replaced. */
  isCurrent(connection: C): boolean {
    const known = this.known.get(connection);
    return known === undefined || known.epoch === this.epochs.current;
  }

  epochOf(connection: C): number {
    return this.known.get(connection)?.epoch ?? this.epochs.current;
  }

  leadsTo(connection: C, name: string | undefined): boolean {
    return name !== undefined && this.known.get(connection)?.name === name;
  }

  /** The end of this connection says nothing about the server. */
  abandon(connection: C): void {
    this.abandoned.add(connection);
  }
}

/** Tells servers apart, also several on one machine. @param done gets undefined when the server does not say */
export function serverOf(connection: Connection, done: (name: string | undefined) => void): void {
  const sql = "SELECT CONCAT_WS(' ', @@hostname, @@port, @@server_id, @@datadir)";
  connection.query({ sql, rowsAsArray: true }, (error, rows) =>
    done(error ? undefined : String((rows as unknown as unknown[][])[0]![0])),
  );
}
