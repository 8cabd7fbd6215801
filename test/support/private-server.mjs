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
/** Not UTC, and not a whole hour, on purpose: a query that leans on the zone of the server gives a wrong instant. */
const SERVER_ZONE = '+05:30';
const START_LIMIT_MS = 120_000;

/** @type {import('node:child_process').ChildProcess | undefined} */
let supervisor;

/**
 * A MariaDB or MySQL server of our own on a free port of 127.0.0.1, empty, with an account that may do everything.
 *
 * @returns {Promise<string>} its address, `mysql://user:password@host:port/`
 * @throws Error with the one line to type when there is no server to be had, or with the end of the server's log
 */
export async function startPrivateServer() {
  const program = provideServer();
  const directory = mkdtempSync(join(tmpdir(), 'test-db-'));
  const socket = join(directory, 's.sock');
  const port = await freePort();
  const spec = { directory, commands: commandsFor(program, directory, socket, port) };
  // Detached: Ctrl-C reaches the tests only, and the supervisor cleans up when they are gone.
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

/** Kills the server, which has nothing worth saving, and waits until its directory is gone. */
export async function stopPrivateServer() {
  if (!supervisor || supervisor.exitCode !== null) return;
  const exited = once(supervisor, 'exit');
  supervisor.ref();
  supervisor.stdin?.end();
  await exited;
}

/**
 * The server program, installed on Debian when we are root and there is none.
 *
 * @returns {string} its full path
 * @throws Error with the one line to type
 */
export function provideServer() {
  const program = findServer() ?? (aptInstall(PACKAGES, 'A MySQL or MariaDB server') ? findServer() : undefined);
  if (!program) throw new Error(`This needs a MySQL or MariaDB server on the PATH. Type:  ${installLine()}`);
  return program;
}

/** A MariaDB without its installer cannot make an empty database, so it does not count. */
function findServer() {
  const program = findProgram(['mariadbd', 'mysqld']);
  return program && isMariaDb(program) && !findInstaller() ? undefined : program;
}

const findInstaller = () => findProgram(['mariadb-install-db', 'mysql_install_db']);

/** `mysqld` and `mysql` may be either: MariaDB keeps the old names as links. @param {string} program */
export function isMariaDb(program) {
  return execFileSync(program, ['--no-defaults', '--version'], { encoding: 'utf8' }).includes('MariaDB');
}

function installLine() {
  if (findProgram(['apt-get'])) return `sudo sh -c '${aptLine(PACKAGES)}'`;
  if (findProgram(['dnf'])) return 'sudo dnf install -y mariadb-server';
  if (findProgram(['brew'])) return 'brew install mariadb';
  return 'TEST_MYSQL_URL=mysql://user:password@host:port/ npm test';
}

/** Safety is traded for speed: nothing here survives the tests. */
const FAST = ['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0', '--innodb-buffer-pool-size=64M'];

/**
 * What fills the data directory and what serves it; the last one is the server.
 *
 * @param {string[]} tuning options of both
 * @returns {string[][]} program and arguments
 */
export function commandsFor(program, directory, socket, port, tuning = FAST) {
  const data = join(directory, 'data');
  const user = process.getuid?.() === 0 ? ['--user=root'] : []; // both refuse to run as root unless told so
  // A starting MariaDB deletes the temporary files of others in the directory that they share.
  const temporary = join(directory, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const base = ['--no-defaults', ...user, `--datadir=${data}`, `--tmpdir=${temporary}`];
  const network = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, '--skip-name-resolve'];
  const local = [`--pid-file=${join(directory, 's.pid')}`, `--default-time-zone=${SERVER_ZONE}`];
  const serve = [program, ...base, ...tuning, ...network, ...local, '--character-set-server=utf8mb4', '--skip-log-bin'];
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
 * The first connection that succeeds also shows that the server is up; only root exists so far, on the socket.
 *
 * @param {() => boolean} alive whether the server may still come up
 */
export async function createAccount(socketPath, alive) {
  const connection = await connectWhenUp(socketPath, alive);
  await connection.query("CREATE USER 'test'@'%' IDENTIFIED BY 'test'");
  await connection.query("GRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION");
  await connection.end();
}

/** A connection of root, as soon as the server takes one. */
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

/** @returns {Promise<number>} a port nobody listens on now */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
