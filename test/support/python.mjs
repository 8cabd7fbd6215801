import { spawnSync } from 'node:child_process';
import { aptInstall, aptLine, findProgram } from './find-program.mjs';

/**
 * Finds Python 3, which checks proofs with code that is not the project's own. On Debian, as root, it is installed if it is
 * missing.
 *
 * @returns {string} its full path
 * @throws Error with the command that installs it
 */
export function providePython() {
  const find = () => findProgram(['python3']);
  const found = find() ?? (aptInstall(['python3-minimal'], 'Python 3') ? find() : undefined);
  if (found) return found;
  throw new Error(`Proofs are verified by Python 3. Run:   sudo sh -c '${aptLine(['python3-minimal'])}'`);
}

/**
 * Runs a script with a JSON value on standard input.
 *
 * @param {string} script its full path
 * @param {unknown} input
 * @returns {unknown} the JSON value that it prints
 */
export function askPython(script, input) {
  const { status, stdout, stderr } = spawnSync(providePython(), [script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
  return JSON.parse(stdout);
}
