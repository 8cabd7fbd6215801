import { accessSync, constants } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Directories where distributions install servers and that are not on the PATH of ordinary users. */
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec'];

/**
 * Finds the first executable with one of the given names in the PATH, directory by directory, as a shell does.
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

/** Writes to standard error immediately; jest buffers `console`. @param {string} text */
export function printStatus(text) {
  process.stderr.write(`\n*** ${text}\n\n`);
}

/**
 * Installs packages on Debian and Ubuntu if the user is root, and prints what it does.
 *
 * @param {string[]} packages
 * @param {string} purpose what they are needed for
 * @returns {boolean} whether apt-get was run and succeeded
 */
export function aptInstall(packages, purpose) {
  if (process.getuid?.() !== 0 || !findProgram(['apt-get'])) return false;
  const line = aptLine(packages);
  printStatus(`${purpose} is missing; installing it now: ${line}`);
  // fd 2, because the last line of standard output must be the test count
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  // Test suites run at the same time, and apt-get does not wait for another one.
  return spawnSync('flock', [join(tmpdir(), 'test-apt.lock'), 'sh', '-c', line], options).status === 0;
}

/** @param {string[]} packages */
export function aptLine(packages) {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}
