import { aptInstall, aptLine, findProgram } from './find-program.mjs';

/**
 * Full path of jq, which the worked examples of the documentation use; installed on Debian when we are root.
 *
 * @returns {string}
 * @throws Error with the one line to type
 */
export function provideJq() {
  const found = findProgram(['jq']) ?? (aptInstall(['jq'], 'jq') ? findProgram(['jq']) : undefined);
  if (found) return found;
  throw new Error(`The examples of the documentation need jq. Type:  sudo sh -c '${aptLine(['jq'])}'`);
}
