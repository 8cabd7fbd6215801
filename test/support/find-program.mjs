import { accessSync, constants } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** Where distributions put servers that an ordinary user's PATH does not name. */
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec'];

/**
 * The first executable called one of `names`: directory by directory of the PATH, as a shell would look.
 *
 * @param {string[]} names
 * @returns {string | undefined} its full path
 */
export function findProgram(names) {
  const directories = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...SYSTEM_DIRECTORIES];
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Said on standard error at once: jest holds back what goes through `console`. @param {string} text */
export function say(text) {
  process.stderr.write(`\n*** ${text}\n\n`);
}

/**
 * Installs packages on Debian and Ubuntu when we are root, after saying so.
 *
 * @param {string[]} packages
 * @param {string} purpose what they are needed for
 * @returns {boolean} whether apt-get was run and succeeded
 */
export function aptInstall(packages, purpose) {
  if (process.getuid?.() !== 0 || !findProgram(['apt-get'])) return false;
  const line = aptLine(packages);
  say(`${purpose} is missing; installing it now: ${line}`);
  // fd 2: standard output is the caller's, its last line is the count of tests
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  return spawnSync('sh', ['-c', line], options).status === 0;
}

/** @param {string[]} packages */
export function aptLine(packages) {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
