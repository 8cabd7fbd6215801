import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { adapted } from '../adapted-file.js';
import { findProgram, printStatus } from '../find-program.mjs';
import { isMariaDb } from '../private-server.mjs';
import { provideProgram } from '../proxies.js';
import type { ClusterKind } from './database-cluster.js';
import { DatabaseNode, type NodePlace, dataOf, socketOf } from './database-node.js';
import { statementsOf } from './statements-of.js';

/** For a machine that runs tests. */
const SMALL = ['--innodb-buffer-pool-size=64M', '--innodb-redo-log-capacity=64M', '--secure-file-priv=NULL'];
const NOT_JOINED = ['--group-replication-start-on-boot=OFF', '--super-read-only=OFF'];

/**
 * With a genuine MySQL: `mysqld` on the PATH, or the directory TEST_MYSQL_ROOT into which its Debian packages and those of
 * their libraries were unpacked. Debian has it in unstable only, so it is not installed.
 *
 * @returns undefined when it is missing
 */
export function groupReplication(): ClusterKind | undefined {
  const server = findMysql();
  const haproxy = provideProgram('haproxy');
  if (!server) printStatus('GROUP REPLICATION IS NOT TESTED: neither mysqld of MySQL nor TEST_MYSQL_ROOT was found.');
  if (!server || !haproxy) return undefined;
  return {
    name: 'group-replication',
    haproxy,
    nodes: (places) =>
      places.map((place, i) => new DatabaseNode(place, commandOf(server, place, { places, id: i + 1 }))),
    initialise,
    separate: (data) => rmSync(join(data, 'auto.cnf')),
    create,
    join: (node) => node.start(),
    isMember,
    proxySettings: (changes) => adapted('deploy/group-replication/haproxy.cfg', changes),
  };
}

/** @returns the command without options of one node */
function findMysql(): string[] | undefined {
  const root = process.env.TEST_MYSQL_ROOT;
  if (root) return unpackedMysql(resolve(root));
  const program = findProgram(['mysqld']);
  return program && !isMariaDb(program) ? [program, '--no-defaults'] : undefined;
}

function unpackedMysql(root: string): string[] {
  const server = join(root, 'usr/sbin/mysqld');
  if (!existsSync(server)) throw new Error(`TEST_MYSQL_ROOT has no ${server}`);
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const share = join(root, 'usr/share/mysql');
  return [
    ...[join(libraries, 'ld-linux-x86-64.so.2'), '--library-path', libraries, server, '--no-defaults'],
    ...[`--basedir=${join(root, 'usr')}`, `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`],
    ...[`--lc-messages-dir=${share}`, `--character-sets-dir=${join(share, 'charsets')}`],
  ];
}

function commandOf(
  server: readonly string[],
  place: NodePlace,
  { places, id }: { places: readonly NodePlace[]; id: number },
): string[] {
  const settings = adapted('deploy/group-replication/session-audit.cnf', {
    'bind_address = 0.0.0.0': 'bind_address = 127.0.0.1',
    'server_id = 1': `server_id = ${id}`,
    'report_host = 10.0.0.11': `report_host = 127.0.0.1\nreport_port = ${place.port}`,
    'local_address = 10.0.0.11:3306': `local_address = ${addressOf(place)}`,
    '10.0.0.11:3306,10.0.0.12:3306,10.0.0.13:3306': places.map(addressOf).join(','),
  });
  const file = join(place.directory, 'my.cnf');
  writeFileSync(file, settings);
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  const files = [`--datadir=${dataOf(place)}`, `--tmpdir=${join(place.directory, 'tmp')}`];
  const local = [`--socket=${socketOf(place)}`, `--pid-file=${join(place.directory, 's.pid')}`];
  const command = server.map((part) => (part === '--no-defaults' ? `--defaults-file=${file}` : part));
  return [...command, ...user, ...files, ...local, `--port=${place.port}`, ...SMALL];
}

const addressOf = ({ port }: NodePlace) => `127.0.0.1:${port}`;

async function initialise(node: DatabaseNode): Promise<void> {
  await node.run('--initialize-insecure', '--super-read-only=OFF');
  await node.start(...NOT_JOINED);
  const own = ["CREATE USER 'test'@'%' IDENTIFIED BY 'test'", "GRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION"];
  await node.script([...statementsOf('deploy/group-replication/accounts.sql'), ...own]);
  await node.shutDown();
}

async function create(node: DatabaseNode): Promise<void> {
  await node.start(...NOT_JOINED);
  await node.script([
    'SET GLOBAL group_replication_bootstrap_group = ON',
    'START GROUP_REPLICATION',
    'SET GLOBAL group_replication_bootstrap_group = OFF',
  ]);
}

async function isMember(node: DatabaseNode, size: number): Promise<boolean> {
  const [row] = await node.rows(`SELECT
    (SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE MEMBER_STATE = 'ONLINE') AS online,
    (SELECT COUNT_TRANSACTIONS_REMOTE_IN_APPLIER_QUEUE FROM performance_schema.replication_group_member_stats
     WHERE MEMBER_ID = @@server_uuid) AS queued`);
  return Number(row!['online']) === size && row!['queued'] !== null && Number(row!['queued']) === 0;
}
