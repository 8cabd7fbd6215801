import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';

/**
 * What happens to a statement on its way to the server:
 * - `pass`: it is forwarded.
 * - `cut`: the connection is lost before the server has it.
 * - `cut-answer`: the server runs it, and the connection is lost before its answer arrives.
 * - `freeze`: it is not forwarded, and nothing else passes on this connection; it stays open.
 */
export type Fate = 'pass' | 'cut' | 'cut-answer' | 'freeze';

/** @param earlier statements of the connection since it began its transaction */
export type Decide = (sql: string, earlier: readonly string[]) => Fate;

/** Followed by the text; on MySQL, two bytes that say that there are no query attributes come before it. */
const COM_QUERY = 3;

/**
 * Stands between a client and a MySQL or MariaDB server without TLS, and loses connections at chosen statements. It reads the
 * packets of the client (MySQL client/server protocol, "Protocol Basics"); prepared statements pass unseen.
 */
export class DatabaseProxy {
  private readonly server = createServer((client) => this.accept(client));
  private readonly sockets = new Set<Socket>();
  private decide: Decide = () => 'pass';
  /** Fates other than `pass` that happened. */
  readonly losses: Fate[] = [];

  private constructor(
    private host: string,
    private port: number,
  ) {}

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const { hostname, port } = new URL(databaseUrl);
    const proxy = new DatabaseProxy(hostname, Number(port));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** The same database through the proxy. */
  through(databaseUrl: string): string {
    const { port } = this.server.address() as { port: number };
    return Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href;
  }

  /** Leads new connections to another server, as a load balancer may. */
  retarget(databaseUrl: string): void {
    const { hostname, port } = new URL(databaseUrl);
    this.host = hostname;
    this.port = Number(port);
  }

  /** Applies to all statements from now on. */
  use(decide: Decide): void {
    this.losses.length = 0;
    this.decide = decide;
  }

  /** Loses the next COMMIT of a transaction with a statement that contains `text`. Everything else passes. */
  loseCommit(fate: Fate, text: string): void {
    let isDone = false;
    this.use((sql, earlier) => {
      if (isDone || sql !== 'COMMIT' || !earlier.some((statement) => statement.includes(text))) return 'pass';
      isDone = true;
      return fate;
    });
  }

  /** Loses all connections. */
  cutAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.server.close();
    this.cutAll();
    if (this.server.listening) await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const upstream = connect(this.port, this.host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    let isMute = false;
    upstream.on('data', (bytes: Buffer) => {
      if (isMute) client.resetAndDestroy();
      else client.write(bytes);
    });
    this.readStatements(client, (packet, fate) => {
      if (fate !== 'pass') this.losses.push(fate);
      if (fate === 'cut') return void client.resetAndDestroy();
      if (fate === 'freeze') return void client.pause().removeAllListeners('data');
      isMute = fate === 'cut-answer';
      upstream.write(packet);
    });
  }

  private readStatements(client: Socket, forward: (packet: Buffer, fate: Fate) => void): void {
    let rest = Buffer.alloc(0);
    let earlier: string[] = [];
    client.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
        const packet = rest.subarray(0, 4 + rest.readUIntLE(0, 3));
        rest = rest.subarray(packet.length);
        const isQuery = packet[3] === 0 && packet[4] === COM_QUERY;
        const sql = isQuery ? packet.toString('utf8', packet[5] === 0 ? 7 : 5) : '';
        if (sql.startsWith('START TRANSACTION')) earlier = [];
        const fate = isQuery ? this.decide(sql, earlier) : 'pass';
        if (isQuery) earlier.push(sql);
        forward(packet, fate);
        if (fate === 'freeze') return;
      }
    });
  }
}
