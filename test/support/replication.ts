import { type Connection, createConnection } from 'mysql2/promise';
import { DurableServer } from './durable-server.mjs';
import { isMariaDb, provideServer } from './private-server.mjs';

/** Options that make a server write what replicas apply. */
const WRITER = ['--log-bin=bin', '--binlog-format=ROW', '--server-id=1'];

/** A database server with asynchronous replicas. */
export class ReplicatedServer {
  private readonly writer = new DurableServer({ tuning: [...SMALL, ...WRITER] });
  private readonly servers: DurableServer[] = [];
  /** URL of the writer, without a database. */
  url = '';

  /** @returns the URL of each replica, without a database */
  async start(replicas: number): Promise<string[]> {
    this.url = await this.writer.create();
    const source = await connect(this.url);
    try {
      const position = await positionOf(source);
      const start = async (n: number) => {
        const server = new DurableServer({ tuning: [...SMALL, `--server-id=${2 + n}`] });
        this.servers[n] = server;
        const url = await server.create();
        await sql(url, ...followStatements(new URL(this.url).port, position));
        return url;
      };
      return await Promise.all(Array.from({ length: replicas }, (_, n) => start(n)));
    } finally {
      await source.end();
    }
  }

  /** A replica goes on reading from the writer, and applies nothing. */
  stopApplier(url: string): Promise<void> {
    return sql(url, isMaria ? 'STOP SLAVE SQL_THREAD' : 'STOP REPLICA SQL_THREAD');
  }

  startApplier(url: string): Promise<void> {
    return sql(url, isMaria ? 'START SLAVE SQL_THREAD' : 'START REPLICA SQL_THREAD');
  }

  kill(replica: number): Promise<void> {
    return this.servers[replica]!.kill();
  }

  /** Replication goes on where it was. */
  restart(replica: number): Promise<void> {
    return this.servers[replica]!.restart();
  }

  freeze(replica: number, isFrozen: boolean): void {
    process.kill(this.servers[replica]!.pid, isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }

  async remove(): Promise<void> {
    await Promise.all([this.writer, ...this.servers].map((server) => server.remove()));
  }
}

const SMALL = ['--innodb-buffer-pool-size=64M', '--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0'];
const isMaria = isMariaDb(provideServer());

interface Position {
  readonly file: string;
  readonly at: number;
}

async function positionOf(source: Connection): Promise<Position> {
  const statement = isMaria ? 'SHOW MASTER STATUS' : 'SHOW BINARY LOG STATUS';
  const [[row]] = (await source.query(statement)) as unknown as [[{ File: string; Position: number }]];
  return { file: row.File, at: Number(row.Position) };
}

function followStatements(port: string, { file, at }: Position): string[] {
  const options = (prefix: string) =>
    [
      `${prefix}_HOST = '127.0.0.1', ${prefix}_PORT = ${port}, ${prefix}_USER = 'test', ${prefix}_PASSWORD = 'test'`,
      `${prefix}_LOG_FILE = '${file}', ${prefix}_LOG_POS = ${at}, ${prefix}_CONNECT_RETRY = 1`,
    ].join(', ');
  if (isMaria) return [`CHANGE MASTER TO ${options('MASTER')}`, 'START SLAVE'];
  return [`CHANGE REPLICATION SOURCE TO ${options('SOURCE')}, GET_SOURCE_PUBLIC_KEY = 1`, 'START REPLICA'];
}

function connect(url: string): Promise<Connection> {
  return createConnection(url);
}

async function sql(url: string, ...statements: string[]): Promise<void> {
  const connection = await connect(url);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
