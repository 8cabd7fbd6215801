import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adapted } from './adapted-file.js';
import { aptInstall, aptLine, findProgram, printStatus } from './find-program.mjs';
import type { SelfSigned } from './self-signed.js';

interface ProxySettings {
  /** Empty directory for its files. */
  readonly directory: string;
  /** Of 127.0.0.1, where it listens with TLS. */
  readonly port: number;
  readonly certificate: SelfSigned;
  /** Ports of the two processes behind it. */
  readonly backends: readonly [number, number];
}

export interface RunningProxy {
  readonly url: string;
  /** Highest resident memory of its processes so far, summed, in MiB. */
  peakMiB(): number;
  /** What it wrote to its log. */
  log(): string;
  stop(): Promise<void>;
}

export interface ProxyKind {
  readonly name: 'nginx' | 'haproxy';
  /** Undefined when it is missing and cannot be installed; never in CI. */
  readonly program: string | undefined;
  start(settings: ProxySettings): Promise<RunningProxy>;
}

/** The proxies of `deploy`, with the examples as they are, apart from ports and paths. */
export function proxies(): ProxyKind[] {
  const nginx = provideProgram('nginx');
  const haproxy = provideProgram('haproxy');
  return [
    { name: 'nginx', program: nginx, start: (settings) => startNginx(nginx!, settings) },
    { name: 'haproxy', program: haproxy, start: (settings) => startHaproxy(haproxy!, settings) },
  ];
}

/** @returns the path of a program of the Debian package with its name; undefined when it is missing, never in CI */
export function provideProgram(name: string): string | undefined {
  const find = () => findProgram([name]);
  if (!find()) aptInstall([name], name);
  if (find() === undefined && process.env.CI === 'true') throw new Error(`${name} is missing: ${aptLine([name])}`);
  if (find() === undefined) printStatus(`${name.toUpperCase()} IS NOT TESTED: ${aptLine([name])}`);
  return find();
}

/** Directories for temporary files of nginx, by directive. A file there means that an answer or a body was buffered. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

function startNginx(program: string, { directory, port, certificate, backends }: ProxySettings): Promise<RunningProxy> {
  writeFileSync(join(directory, 'cert.pem'), certificate.cert);
  writeFileSync(join(directory, 'key.pem'), certificate.key);
  const site = adapted('deploy/nginx/session-audit.conf', {
    'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
    '/etc/ssl/session-audit/fullchain.pem': join(directory, 'cert.pem'),
    '/etc/ssl/session-audit/key.pem': join(directory, 'key.pem'),
    '127.0.0.1:3000': `127.0.0.1:${backends[0]}`,
    '127.0.0.1:3001': `127.0.0.1:${backends[1]}`,
  });
  writeFileSync(join(directory, 'site.conf'), site);
  for (const name of TEMPORARY) mkdirSync(join(directory, name));
  const paths = TEMPORARY.map((name) => `${name}_temp_path ${join(directory, name)};`);
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const main = `${user} daemon off; worker_processes 2; pid ${directory}/pid; error_log stderr warn;
    events { worker_connections 512; }
    http { access_log off; ${paths.join(' ')} include ${directory}/site.conf; }`;
  writeFileSync(join(directory, 'nginx.conf'), main);
  return runProxy(program, ['-p', directory, '-c', join(directory, 'nginx.conf')], port);
}

function startHaproxy(
  program: string,
  { directory, port, certificate, backends }: ProxySettings,
): Promise<RunningProxy> {
  writeFileSync(join(directory, 'bundle.pem'), certificate.cert + certificate.key);
  const file = adapted('deploy/haproxy/haproxy.cfg', {
    'bind :443 ssl': `bind 127.0.0.1:${port} ssl`,
    '/etc/ssl/session-audit/bundle.pem': join(directory, 'bundle.pem'),
    '127.0.0.1:3000': `127.0.0.1:${backends[0]}`,
    '127.0.0.1:3001': `127.0.0.1:${backends[1]}`,
  });
  writeFileSync(join(directory, 'haproxy.cfg'), file);
  return runProxy(program, ['-db', '-f', join(directory, 'haproxy.cfg')], port);
}

/** Checks the configuration, starts the proxy, and waits until it listens. */
export async function runProxy(program: string, args: string[], port: number): Promise<RunningProxy> {
  const check = spawnSync(program, [...args, program.endsWith('nginx') ? '-t' : '-c'], { encoding: 'utf8' });
  if (check.status !== 0) throw new Error(`${program} refuses its configuration: ${check.stdout}${check.stderr}`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)));
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${log}`);
    await sleep(20);
  }
  return {
    url: `https://127.0.0.1:${port}`,
    peakMiB: () => processes(child).reduce((sum, pid) => sum + peakMiB(pid), 0),
    log: () => log,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The process and its workers. */
function processes({ pid }: ChildProcess): number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const children = tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '));
  return [pid!, ...children.filter(Boolean).map(Number)];
}

function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}
