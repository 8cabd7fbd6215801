import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these programs that is to be found; server programs live in sbin, which is not on everybody's path. */
export function findProgram(names) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const name of names) for (const folder of folders) if (folder && existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}

/** Installs a package of Debian or Ubuntu after saying so; elsewhere, or without the right to, throws with the line to type. */
export function install(packageName, purpose) {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packageName}`;
  if (!findProgram(['apt-get'])) throw new Error(`${purpose} is not installed here. On Debian or Ubuntu: sudo sh -c '${line}'`);
  if (process.getuid?.() !== 0) throw new Error(`${purpose} is not installed here. Type: sudo sh -c '${line}'`);
  process.stderr.write(`${purpose} is not installed here; installing the package ${packageName}: ${line}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('sh', ['-c', line], { env, stdio: ['ignore', 2, 2] });
}

export function run(program, args) {
  const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed:\n${stdout}${stderr}`);
}
