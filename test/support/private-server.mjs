import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { aptInstall, aptLine, findProgram } from './find-program.mjs';

const PACKAGES = ['mariadb-server-core'];
/** Neither UTC nor a whole hour, so a query that depends on the server's time zone returns a wrong instant. */
const SERVER_ZONE = '+05:30';
const START_LIMIT_MS = 120_000;

/** @type {import('node:child_process').ChildProcess | undefined} */
let supervisor;

/**
 * Starts an empty MariaDB or MySQL server on a free port of 127.0.0.1, with an account that has all privileges.
 *
 * @returns {Promise<string>} its address, `mysql://user:password@host:port/`
 * @throws Error with the command that installs a server, or with the end of the server's log
 */
export async function startPrivateServer() {
  const program = provideServer();
  const directory = mkdtempSync(join(tmpdir(), 'test-db-'));
  const socket = join(directory, 's.sock');
  const port = await freePort();
  const spec = { directory, commands: commandsFor(program, directory, socket, port) };
  // Detached, so Ctrl-C reaches only the tests; the supervisor cleans up after they exit.
  const options = { stdio: ['pipe', 'ignore', 'ignore'], detached: true };
  const script = fileURLToPath(new URL('supervise.mjs', import.meta.url));
  supervisor = spawn(process.execPath, [script, JSON.stringify(spec)], options);
  supervisor.unref();
  supervisor.stdin?.unref?.();
  try {
    await createAccount(socket, () => supervisor?.exitCode === null);
  } catch (error) {
    const log = readFileSync(join(directory, 'server.log'), 'utf8').split('\n').slice(-30).join('\n');
    await stopPrivateServer();
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`${program} did not start: ${error.message}. The end of its log:\n${log}`, { cause: error });
  }
  return `mysql://test:test@127.0.0.1:${port}/`;
}

/** Kills the server and waits until its directory is removed. */
export async function stopPrivateServer() {
  if (!supervisor || supervisor.exitCode !== null) return;
  const exited = once(supervisor, 'exit');
  supervisor.ref();
  supervisor.stdin?.end();
  await exited;
}

/**
 * Finds the server program. On Debian, as root, it is installed if it is missing.
 *
 * @returns {string} its full path
 * @throws Error with the command that installs it
 */
export function provideServer() {
  const program = findServer() ?? (aptInstall(PACKAGES, 'A MySQL or MariaDB server') ? findServer() : undefined);
  if (!program) throw new Error(`This needs a MySQL or MariaDB server on the PATH. Run:   ${installLine()}`);
  return program;
}

/** MariaDB without its installer cannot initialise a data directory, so it is ignored. */
function findServer() {
  const program = findProgram(['mariadbd', 'mysqld']);
  return program && isMariaDb(program) && !findInstaller() ? undefined : program;
}

const findInstaller = () => findProgram(['mariadb-install-db', 'mysql_install_db']);

/** MariaDB also installs links named `mysqld` and `mysql`, so the name is not enough. @param {string} program */
export function isMariaDb(program) {
  return execFileSync(program, ['--no-defaults', '--version'], { encoding: 'utf8' }).includes('MariaDB');
}

function installLine() {
  if (findProgram(['apt-get'])) return `sudo sh -c '${aptLine(PACKAGES)}'`;
  if (findProgram(['dnf'])) return 'sudo dnf install -y mariadb-server';
  if (findProgram(['brew'])) return 'brew install mariadb';
  return 'TEST_MYSQL_URL=mysql://user:password@host:port/ npm test';
}

/** Fast instead of durable, because the data is discarded after the tests. */
const FAST = ['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0', '--innodb-buffer-pool-size=64M'];

/**
 * The commands that initialise the data directory and start the server, in this order.
 *
 * @param {string[]} tuning options for both commands
 * @returns {string[][]} program and arguments
 */
export function commandsFor(program, directory, socket, port, tuning = FAST) {
  const data = join(directory, 'data');
  const user = process.getuid?.() === 0 ? ['--user=root'] : []; // required to run as root
  // A starting MariaDB deletes files of other servers in a shared temporary directory.
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const base = ['--no-defaults', ...user, `--datadir=${data}`, `--tmpdir=${temporary}`];
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, '--skip-name-resolve'];
  const local = [`--pid-file=${join(directory, 's.pid')}`, `--default-time-zone=${SERVER_ZONE}`];
  const defaults = ['--character-set-server=utf8mb4', '--skip-log-bin'];
  const serve = [program, ...base, ...defaults, ...tuning, ...network, ...local];
  if (isMariaDb(program)) {
    const accounts = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    return [
      [findInstaller(), ...base, ...accounts, ...tuning],
      [...serve, '--performance-schema=OFF'],
    ];
  }
  const initialise = [
    program,
    ...base,
    '--secure-file-priv=NULL',
    '--initialize-insecure',
    '--skip-log-bin',
    ...tuning,
  ];
  return [initialise, [...serve, '--secure-file-priv=NULL', '--mysqlx=OFF']];
}

/**
 * Creates the test account. Waits until the server accepts a connection of root, the only account so far, on the socket.
 *
 * @param {() => boolean} alive whether the server process is still running
 */
export async function createAccount(socketPath, alive) {
  const connection = await connectWhenUp(socketPath, alive);
  await connection.query("CREATE USER 'test'@'%' IDENTIFIED BY 'test'");
  await connection.query("GRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION");
  await connection.end();
}

/** Connects as root, and retries until the server accepts the connection. */
export async function connectWhenUp(socketPath, alive) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await createConnection({ socketPath, user: 'root', password: '' });
    } catch (error) {
      if (!alive()) throw new Error('it exited', { cause: error });
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** Below the ports that Linux gives to outgoing connections, so that none of them takes a port before its server binds it. */
const FIRST_PORT = 20_000;
/** Each jest worker has its own ports. */
const PORTS_PER_WORKER = 1_500;
const WORKERS = 8;
let portsTried = Math.floor(Math.random() * PORTS_PER_WORKER);

/** @returns {Promise<number>} a port that is currently free and was not returned recently */
export async function freePort() {
  const worker = Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS;
  for (let tries = 0; tries < PORTS_PER_WORKER; tries++) {
    const port = FIRST_PORT + worker * PORTS_PER_WORKER + (portsTried++ % PORTS_PER_WORKER);
    if (await canListen(port)) return port;
  }
  throw new Error(`no free port among the ${PORTS_PER_WORKER} of this worker`);
}

async function canListen(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
