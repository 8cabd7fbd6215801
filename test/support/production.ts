import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './private-server.mjs';
import { replaceOnce } from './readme.js';
import { selfSigned } from './self-signed.js';

interface Production {
  /** Folder in which the package is installed. */
  readonly app: string;
  readonly databaseUrl: string;
  /** Path of the program. */
  readonly nginx: string;
}

const NAME = 'sessions.example.org';

/**
 * Runs the commands of README.md in one shell, with the addresses of this test instead of those of the examples. nginx is
 * already running, without a site.
 *
 * @returns the answer of the last command, and what the processes logged
 */
export async function runProduction(
  commands: readonly string[],
  { app, databaseUrl, nginx }: Production,
): Promise<{ answer: string; log: string }> {
  const machine = mkdtempSync(join(tmpdir(), 'machine-'));
  const ports = { first: await freePort(), second: await freePort(), tls: await freePort() };
  prepareNginx(machine, nginx);
  prepareCurl(machine, ports.tls);
  const env = { ...process.env, PATH: `${machine}/bin:${process.env.PATH}`, CURL_HOME: machine };
  const script = scriptOf(commands, { machine, databaseUrl, ports });
  const shell = spawn('bash', ['-c', script], { cwd: app, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let answer = '';
  let log = '';
  shell.stdout.on('data', (chunk) => (answer += String(chunk)));
  shell.stderr.on('data', (chunk) => (log += String(chunk)));
  try {
    const [code] = (await once(shell, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the commands of README.md ended with ${code}: ${answer}${log}`);
    return { answer, log };
  } finally {
    // The servers and nginx are in the group of the shell.
    process.kill(-shell.pid!, 'SIGKILL');
    rmSync(machine, { recursive: true, force: true });
  }
}

interface Substitutes {
  readonly machine: string;
  readonly databaseUrl: string;
  readonly ports: { readonly first: number; readonly second: number; readonly tls: number };
}

/** The commands in their order. The log of the servers is kept apart from the answer. */
function scriptOf(commands: readonly string[], { machine, databaseUrl, ports }: Substitutes): string {
  const site = `${machine}/conf.d/session-audit.conf`;
  const changes = {
    'listen 443': `listen 127.0.0.1:${ports.tls}`,
    '/etc/ssl/session-audit/fullchain.pem': `${machine}/cert.pem`,
    '/etc/ssl/session-audit/key.pem': `${machine}/key.pem`,
    '127.0.0.1:3000': `127.0.0.1:${ports.first}`,
    '127.0.0.1:3001': `127.0.0.1:${ports.second}`,
  };
  // A text that is no longer in the file ends the script.
  const edits = Object.entries(changes).flatMap(([from, to]) => [
    `grep -qF '${from}' ${site}`,
    `sed -i 's#${from}#${to}#' ${site}`,
  ]);
  let text = commands
    .map((command) => (command.startsWith('cp ') ? [command, ...edits].join('\n') : command))
    .join('\n');
  text = replaceOnce(text, 'mysql://user:password@host:3306/sessions', databaseUrl);
  text = replaceOnce(text, 'PORT=3000 session-audit serve &', `PORT=${ports.first} session-audit serve >&2 &`);
  text = replaceOnce(text, 'PORT=3001 session-audit serve &', `PORT=${ports.second} session-audit serve >&2 &`);
  text = replaceOnce(text, '/etc/nginx/conf.d/', `${machine}/conf.d/`);
  text = replaceOnce(text, 'session-audit migrate\n', 'session-audit migrate >&2\n');
  return `set -euo pipefail\nnginx -g 'daemon off;' >&2 &\n${text}\n`;
}

/** `nginx` on the PATH is the installed program with a configuration in the directory. */
function prepareNginx(machine: string, nginx: string): void {
  for (const folder of ['bin', 'conf.d', 'temp']) mkdirSync(join(machine, folder));
  const { cert, key } = selfSigned(NAME, [NAME]);
  writeFileSync(join(machine, 'cert.pem'), cert);
  writeFileSync(join(machine, 'key.pem'), key);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${machine}/temp/${name};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const main = `${user} pid ${machine}/pid; error_log stderr warn;
    events { worker_connections 64; }
    http { access_log off; ${paths.join(' ')} include ${machine}/conf.d/*.conf; }`;
  writeFileSync(join(machine, 'nginx.conf'), main);
  writeFileSync(
    join(machine, 'bin/nginx'),
    `#!/bin/sh\nexec ${nginx} -p ${machine} -c ${machine}/nginx.conf -q "$@"\n`,
  );
  chmodSync(join(machine, 'bin/nginx'), 0o755);
}

/** curl reads these options from its file, so that the command itself stays as it is. */
function prepareCurl(machine: string, port: number): void {
  const options = [
    `cacert = "${machine}/cert.pem"`,
    `connect-to = "${NAME}:443:127.0.0.1:${port}"`,
    'silent',
    'show-error',
    'fail',
  ];
  writeFileSync(join(machine, '.curlrc'), `${options.join('\n')}\n`);
}
