import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsFor, connectWhenUp, createAccount, freePort, provideServer } from './private-server.mjs';

/** Production settings: commits are flushed to disk, and the doublewrite buffer prevents torn pages. */
const SAFE = ['--innodb-flush-log-at-trx-commit=1', '--innodb-doublewrite=1'];
/** MariaDB and MySQL have different names for the size of the log, and ignore the other one. */
const SMALL = [
  '--innodb-buffer-pool-size=512M',
  '--loose-innodb-log-file-size=256M',
  '--loose-innodb-redo-log-capacity=256M',
];

/** A private server with durable settings, for benchmarks and fault tests. It can be killed and restarted on its data. */
export class DurableServer {
  #directory;
  #keep;
  #tuning;
  #program;
  #child;

  /**
   * @param {{ keep?: string, tuning?: string[], program?: string }} options keep: a data directory that is not removed and can be used again;
   *   tuning: server options that replace the defaults for small data; program: the server, or the first one on the PATH
   */
  constructor({ keep, tuning = SMALL, program = provideServer() } = {}) {
    this.#program = program;
    this.#keep = keep !== undefined;
    this.#tuning = tuning;
    if (keep) mkdirSync(keep, { recursive: true });
    this.#directory = keep ?? mkdtempSync(join(tmpdir(), 'durable-db-'));
  }

  /** Initialises the data directory if it is new, and starts the server. @returns {Promise<string>} `mysql://test:test@127.0.0.1:port/` */
  async create() {
    this.port = await freePort();
    this.socket = join(this.#directory, 's.sock');
    const isNew = !existsSync(join(this.#directory, 'data'));
    const tuning = [...SAFE, ...this.#tuning];
    const commands = commandsFor(this.#program, this.#directory, this.socket, this.port, tuning);
    this.serve = commands[1];
    if (isNew) {
      const [program, ...args] = commands[0];
      const [code] = await once(this.#spawn(program, args), 'exit');
      if (code !== 0) throw new Error(`${program} failed; its log is in ${this.#directory}`);
      this.#run();
      await createAccount(this.socket, () => this.#child.exitCode === null);
    } else await this.restart();
    return `mysql://test:test@127.0.0.1:${this.port}/`;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Sends SIGKILL and waits for the exit. */
  async kill() {
    const exited = once(this.#child, 'exit');
    if (this.#child.kill('SIGKILL')) await exited;
  }

  /** Starts the server again on the same directory; it runs its crash recovery first. */
  async restart() {
    this.#run();
    await (await connectWhenUp(this.socket, () => this.#child.exitCode === null)).end();
  }

  async remove() {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
    if (this.#keep) return;
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  #run() {
    const [program, ...args] = this.serve;
    this.#child = this.#spawn(program, args);
  }

  #spawn(program, args) {
    const log = openSync(join(this.#directory, 'server.log'), 'a');
    return spawn(program, args, { stdio: ['ignore', log, log] });
  }
}
