import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { freePort } from '../private-server.mjs';
import { type RunningProxy, runProxy } from '../proxies.js';
import { type DatabaseNode, type NodePlace, dataOf } from './database-node.js';

export type ClusterName = 'galera' | 'group-replication';

/** What differs between the kinds of clusters. */
export interface ClusterKind {
  readonly name: ClusterName;
  readonly haproxy: string;
  /** The addresses of `deploy` are replaced with these. @returns the nodes, not started */
  nodes(places: readonly NodePlace[]): DatabaseNode[];
  /** Creates an empty data directory. */
  initialise(node: DatabaseNode): Promise<void>;
  /** Makes the copy of an empty data directory the one of another node. */
  separate(data: string): void;
  /** Starts the first node, with the accounts of `deploy` and `test`. */
  create(node: DatabaseNode): Promise<void>;
  /** Starts a node that joins the others, also after a kill. */
  join(node: DatabaseNode): Promise<void>;
  /** @returns whether it belongs to a cluster of this size and has caught up */
  isMember(node: DatabaseNode, size: number): Promise<boolean>;
  /** Text of deploy/…/haproxy.cfg with other addresses. */
  proxySettings(changes: Readonly<Record<string, string>>): string;
}

const NODES = 3;
const JOIN_LIMIT_MS = 120_000;
const ADMIN_SOCKET = 'admin.sock';

/** Three nodes and HAProxy on loopback, with the files of `deploy` apart from addresses, paths and sizes. */
export class DatabaseCluster {
  private constructor(
    private readonly kind: ClusterKind,
    private readonly directory: string,
    readonly nodes: readonly DatabaseNode[],
    private readonly port: number,
    private readonly proxy: RunningProxy,
  ) {}

  static async start(kind: ClusterKind): Promise<DatabaseCluster> {
    const directory = mkdtempSync(join(tmpdir(), `${kind.name}-`));
    const nodes = kind.nodes(await places(directory));
    try {
      await startNodes(kind, nodes);
      const port = await freePort();
      const proxy = await startProxy(kind, { directory, nodes, port });
      await allChecked(join(directory, ADMIN_SOCKET));
      return new DatabaseCluster(kind, directory, nodes, port, proxy);
    } catch (error) {
      for (const node of nodes) await node.kill();
      removeDirectory(directory);
      throw error;
    }
  }

  get name(): ClusterName {
    return this.kind.name;
  }

  /** Through HAProxy, of an account with all privileges: `mysql://test:test@127.0.0.1:port/` */
  get url(): string {
    return `mysql://test:test@127.0.0.1:${this.port}/`;
  }

  /** Past HAProxy. */
  urlOf(node: DatabaseNode): string {
    return `mysql://test:test@127.0.0.1:${node.place.port}/`;
  }

  /** @returns the node to which HAProxy leads; waits until there is one */
  async writer(): Promise<DatabaseNode> {
    const deadline = Date.now() + JOIN_LIMIT_MS;
    for (;;) {
      const port = await this.portOfWriter();
      const node = this.nodes.find(({ place }) => place.port === port);
      if (node) return node;
      if (Date.now() > deadline) throw new Error(`HAProxy leads to no node: ${this.proxy.log()}`);
      await sleep(50);
    }
  }

  /** Brings back a node that was killed or is frozen. Resolves when all nodes are there and have caught up. */
  async rejoin(node: DatabaseNode): Promise<void> {
    if (node.running) node.thaw();
    else await this.kind.join(node);
    await this.settled(node);
  }

  /** Resolves when all nodes belong to the cluster and have caught up. A node that gave up is started again. */
  private async settled(returned: DatabaseNode): Promise<void> {
    const deadline = Date.now() + JOIN_LIMIT_MS;
    while (!(await this.isWhole())) {
      if (!returned.running) await this.kind.join(returned);
      if (Date.now() > deadline) throw new Error(`${returned.name} does not join: ${returned.log()}`);
      await sleep(100);
    }
  }

  private async isWhole(): Promise<boolean> {
    const states = await Promise.all(
      this.nodes.map((node) => this.kind.isMember(node, this.nodes.length).catch(() => false)),
    );
    return states.every(Boolean);
  }

  async remove(): Promise<void> {
    await this.proxy.stop();
    for (const node of this.nodes) await node.kill();
    removeDirectory(this.directory);
  }

  private async portOfWriter(): Promise<number | undefined> {
    try {
      const connection = await createConnection({ uri: this.url, connectTimeout: 2000 });
      connection.on('error', () => undefined);
      try {
        const [rows] = await connection.query({ sql: 'SELECT @@port AS port', timeout: 2000 });
        return (rows as { port: number }[])[0]!.port;
      } finally {
        connection.destroy();
      }
    } catch {
      return undefined;
    }
  }
}

async function places(directory: string): Promise<NodePlace[]> {
  const all: NodePlace[] = [];
  for (let n = 1; n <= NODES; n++) {
    const name = `db${n}`;
    const own = join(directory, name);
    mkdirSync(join(own, 'tmp'), { recursive: true });
    all.push({ name, directory: own, port: await freePort(), groupPort: await freePort(), copyPort: await freePort() });
  }
  return all;
}

async function startNodes(kind: ClusterKind, nodes: readonly DatabaseNode[]): Promise<void> {
  const [first, ...others] = nodes;
  await kind.initialise(first!);
  for (const { place } of others) {
    cpSync(dataOf(first!.place), dataOf(place), { recursive: true });
    kind.separate(dataOf(place));
  }
  await kind.create(first!);
  const deadline = Date.now() + JOIN_LIMIT_MS;
  for (const [i, node] of others.entries()) {
    await kind.join(node);
    while (!(await kind.isMember(node, i + 2).catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`${node.name} does not join: ${node.log()}`);
      await sleep(50);
    }
  }
}

/** The addresses in `deploy` are 10.0.0.11 to 10.0.0.13. */
async function startProxy(
  kind: ClusterKind,
  { directory, nodes, port }: { directory: string; nodes: readonly DatabaseNode[]; port: number },
): Promise<RunningProxy> {
  const text = kind.proxySettings({
    'bind 127.0.0.1:3307': `bind 127.0.0.1:${port}`,
    '/run/haproxy/admin.sock': join(directory, ADMIN_SOCKET),
    ...Object.fromEntries(nodes.map(({ place }, i) => [`10.0.0.1${i + 1}:3306`, `127.0.0.1:${place.port}`])),
  });
  const file = join(directory, 'haproxy.cfg');
  writeFileSync(file, text);
  return runProxy(kind.haproxy, ['-db', '-f', file], port);
}

/** HAProxy takes every node for healthy until its first check. Resolves after it. */
async function allChecked(socketPath: string): Promise<void> {
  const deadline = Date.now() + JOIN_LIMIT_MS;
  for (;;) {
    const [header, ...lines] = (await ask(socketPath, 'show stat')).trim().split('\n');
    const [name, status] = ['svname', 'check_status'].map((column) => header!.split(',').indexOf(column));
    const servers = lines.map((line) => line.split(',')).filter((fields) => fields[name!]!.startsWith('db'));
    if (servers.every((fields) => !['', 'INI'].includes(fields[status!]!))) return;
    if (Date.now() > deadline) throw new Error(`HAProxy does not check the nodes: ${lines.join('\n')}`);
    await sleep(50);
  }
}

/** One command on the admin socket of HAProxy. */
async function ask(socketPath: string, command: string): Promise<string> {
  const socket = connect(socketPath);
  socket.end(`${command}\n`);
  let answer = '';
  for await (const bytes of socket) answer += String(bytes);
  return answer;
}

function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
