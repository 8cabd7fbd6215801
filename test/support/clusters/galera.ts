import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapted } from '../adapted-file.js';
import { aptInstall, aptLine, findProgram, printStatus } from '../find-program.mjs';
import { provideProgram } from '../proxies.js';
import type { ClusterKind } from './database-cluster.js';
import { DatabaseNode, type NodePlace, dataOf, socketOf } from './database-node.js';
import { statementsOf } from './statements-of.js';

const PACKAGES = ['mariadb-server-core', 'galera-4'];
const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
/** For a machine that runs tests. */
const SMALL = ['--innodb-buffer-pool-size=64M', '--innodb-log-file-size=64M', '--performance-schema=OFF'];

/** @returns undefined when programs are missing and cannot be installed; never in CI */
export function galera(): ClusterKind | undefined {
  const find = () => existsSync(PROVIDER) && findProgram(['mariadb-install-db']) && findProgram(['mariadbd']);
  const server = find() || (aptInstall(PACKAGES, 'MariaDB Galera') && find());
  const haproxy = provideProgram('haproxy');
  if (server && haproxy) return galeraWith(server, haproxy);
  if (process.env.CI === 'true') throw new Error(`Galera is missing: ${aptLine(PACKAGES)}`);
  printStatus(`GALERA IS NOT TESTED: ${aptLine(PACKAGES)}`);
  return undefined;
}

function galeraWith(server: string, haproxy: string): ClusterKind {
  return {
    name: 'galera',
    haproxy,
    nodes: (places) => places.map((place) => new DatabaseNode(place, commandOf(server, place, places))),
    initialise,
    separate: (data) => rmSync(join(data, 'galera.cache')),
    create: (node) => node.start('--wsrep-new-cluster'),
    join: async (node) => node.start(`--wsrep-start-position=${await recoveredPosition(node)}`),
    isMember,
    proxySettings: (changes) => adapted('deploy/galera/haproxy.cfg', changes),
  };
}

function commandOf(server: string, place: NodePlace, places: readonly NodePlace[]): string[] {
  const settings = adapted('deploy/galera/session-audit.cnf', {
    'bind_address = 0.0.0.0': 'bind_address = 127.0.0.1',
    '/usr/lib/galera/libgalera_smm.so': PROVIDER,
    'gcomm://10.0.0.11:4567,10.0.0.12:4567,10.0.0.13:4567': `gcomm://${places.map(groupAddress).join(',')}`,
    'wsrep_node_name = db1': `wsrep_node_name = ${place.name}`,
    'wsrep_node_address = 10.0.0.11:4567': `wsrep_node_address = ${groupAddress(place)}`,
    'wsrep_sst_method = mariabackup': 'wsrep_sst_method = increment',
    'gcache.size=1G': `gcache.size=128M; gmcast.listen_addr=tcp://${groupAddress(place)}; ist.recv_addr=127.0.0.1:${place.copyPort}`,
  });
  const file = join(place.directory, 'my.cnf');
  writeFileSync(file, settings);
  const files = [`--datadir=${dataOf(place)}`, `--tmpdir=${join(place.directory, 'tmp')}`];
  const local = [`--socket=${socketOf(place)}`, `--pid-file=${join(place.directory, 's.pid')}`];
  return [server, `--defaults-file=${file}`, ...asRoot(), ...files, ...local, `--port=${place.port}`, ...SMALL];
}

const groupAddress = ({ groupPort }: NodePlace) => `127.0.0.1:${groupPort}`;
const asRoot = () => (process.getuid?.() === 0 ? ['--user=root'] : []);

/** The data contains a position of the cluster, so that a copy of it is not replaced by one over the network. */
async function initialise(node: DatabaseNode): Promise<void> {
  const accounts = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
  const files = [`--datadir=${dataOf(node.place)}`, `--tmpdir=${join(node.place.directory, 'tmp')}`];
  const install = findProgram(['mariadb-install-db'])!;
  execFileSync(install, ['--no-defaults', ...asRoot(), ...files, ...accounts, ...SMALL], { stdio: 'ignore' });
  await node.start('--wsrep-new-cluster');
  const own = ["CREATE USER 'test'@'%' IDENTIFIED BY 'test'", "GRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION"];
  await node.script([...statementsOf('deploy/galera/accounts.sql'), ...own]);
  await node.shutDown();
}

/** After a kill the position is that of the last transaction in the tables. MariaDB's service does the same. */
async function recoveredPosition(node: DatabaseNode): Promise<string> {
  const saved = readFileSync(join(dataOf(node.place), 'grastate.dat'), 'utf8');
  const [uuid, seqno] = [/^uuid:\s+(\S+)/m, /^seqno:\s+(\S+)/m].map((pattern) => pattern.exec(saved)![1]!);
  if (seqno !== '-1') return `${uuid}:${seqno}`;
  const log = await node.run('--wsrep-recover');
  const position = /Recovered position:?\s+(\S+:-?\d+)/.exec(log);
  if (!position) throw new Error(`no position was recovered: ${log}`);
  return position[1]!;
}

async function isMember(node: DatabaseNode, size: number): Promise<boolean> {
  const names = ['wsrep_ready', 'wsrep_local_state', 'wsrep_cluster_size', 'wsrep_local_recv_queue'];
  const rows = await node.rows(`SHOW GLOBAL STATUS WHERE Variable_name IN ('${names.join("', '")}')`);
  const values = new Map(rows.map(({ Variable_name, Value }) => [String(Variable_name), String(Value)]));
  return names.map((name) => values.get(name)).join() === `ON,4,${size},0`;
}
