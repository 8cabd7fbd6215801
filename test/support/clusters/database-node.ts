import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type RowDataPacket, createConnection } from 'mysql2/promise';
import { connectWhenUp } from '../private-server.mjs';

/** For servers that look for programs on their PATH. */
const SCRIPTS = resolve('test/support/clusters/bin');

/** More than a digest of all rows takes on a busy machine. */
const STATEMENT_LIMIT_MS = 300_000;

export interface NodePlace {
  readonly name: string;
  /** Contains `data`, the configuration and the log. */
  readonly directory: string;
  /** For clients. */
  readonly port: number;
  /** For the other nodes. */
  readonly groupPort: number;
  /** For the copy of the data that a node gets. */
  readonly copyPort: number;
}

/** A database server of a cluster. It can be killed, frozen and started again on its data. */
export class DatabaseNode {
  private child: ChildProcess | undefined;

  /** @param command program and arguments of the server, without those of one start */
  constructor(
    readonly place: NodePlace,
    readonly command: readonly string[],
  ) {}

  get name(): string {
    return this.place.name;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when the server accepts connections on its socket. */
  async start(...options: string[]): Promise<void> {
    this.child = this.spawn(options);
    await (await connectWhenUp(socketOf(this.place), () => this.running)).end();
  }

  /** Runs the program to its end. @returns its output and its log of this run */
  async run(...options: string[]): Promise<string> {
    const [program, ...args] = [...this.command, ...options];
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`${program} failed: ${output}`);
    return output;
  }

  async kill(): Promise<void> {
    if (!this.running) return;
    const exited = once(this.child!, 'exit');
    this.child!.kill('SIGKILL'); // ends a frozen process too
    await exited;
  }

  /** Stops it as an administrator does. */
  async shutDown(): Promise<void> {
    const exited = once(this.child!, 'exit');
    this.child!.kill('SIGTERM');
    await exited;
  }

  freeze(): void {
    this.child!.kill('SIGSTOP');
  }

  thaw(): void {
    this.child!.kill('SIGCONT');
  }

  /** Runs a statement as root on this node, whatever its state in the cluster. */
  rows(sql: string): Promise<RowDataPacket[]> {
    return this.script([sql]);
  }

  /** Runs statements on one connection. @returns the rows of the last one */
  async script(statements: readonly string[]): Promise<RowDataPacket[]> {
    const connection = await createConnection({ socketPath: socketOf(this.place), user: 'root', password: '' });
    connection.on('error', () => undefined);
    try {
      let rows: unknown = [];
      for (const sql of statements) [rows] = await connection.query({ sql, timeout: STATEMENT_LIMIT_MS });
      await connection.end();
      return rows as RowDataPacket[];
    } finally {
      connection.destroy();
    }
  }

  /** The end of its log. */
  log(lines = 40): string {
    return readFileSync(logOf(this.place), 'utf8').split('\n').slice(-lines).join('\n');
  }

  private spawn(options: string[]): ChildProcess {
    const log = openSync(logOf(this.place), 'a');
    const [program, ...args] = [...this.command, ...options];
    const env = { ...process.env, PATH: `${SCRIPTS}:${process.env.PATH}` };
    return spawn(program!, args, { stdio: ['ignore', log, log], env });
  }
}

export const dataOf = ({ directory }: NodePlace): string => join(directory, 'data');
export const socketOf = ({ directory }: NodePlace): string => join(directory, 's.sock');
const logOf = ({ directory }: NodePlace): string => join(directory, 'server.log');
