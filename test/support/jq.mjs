import { aptInstall, aptLine, findProgram } from './find-program.mjs';

/**
 * Finds jq, which the examples of the documentation use. On Debian, as root, it is installed if it is missing.
 *
 * @returns {string} its full path
 * @throws Error with the command that installs it
 */
export function provideJq() {
  const found = findProgram(['jq']) ?? (aptInstall(['jq'], 'jq') ? findProgram(['jq']) : undefined);
  if (found) return found;
  throw new Error(`The examples of the documentation need jq. Run:   sudo sh -c '${aptLine(['jq'])}'`);
}
