import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandsFor, connectWhenUp, createAccount, freePort, provideServer } from './private-server.mjs';

/** As in production: a commit is on disk before it returns, and no page is ever half written. */
const SAFE = ['--innodb-flush-log-at-trx-commit=1', '--innodb-doublewrite=1'];
const SMALL = ['--innodb-buffer-pool-size=512M', '--innodb-log-file-size=256M'];

/** A private server with durable settings, whose data directory outlives a kill. For benchmarks and fault tests. */
export class DurableServer {
  #directory;
  #keep;
  #tuning;
  #program = provideServer();
  #child;

  /**
   * @param {{ keep?: string, tuning?: string[] }} options keep: a directory that outlives the server and is served again the
   *   next time; tuning: options of the server, instead of those that suit small data
   */
  constructor({ keep, tuning = SMALL } = {}) {
    this.#keep = keep !== undefined;
    this.#tuning = tuning;
    if (keep) mkdirSync(keep, { recursive: true });
    this.#directory = keep ?? mkdtempSync(join(tmpdir(), 'durable-db-'));
  }

  /** Fills the directory, unless it was kept, and serves. @returns {Promise<string>} `mysql://test:test@127.0.0.1:port/` */
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

  /** SIGKILL: what the server has not written is gone. */
  async kill() {
    const exited = once(this.#child, 'exit');
    if (this.#child.kill('SIGKILL')) await exited;
  }

  /** Serves the same directory again, after the server's own recovery. */
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
