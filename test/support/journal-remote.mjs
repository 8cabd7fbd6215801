import { aptInstall, aptLine, findProgram, isExecutable, say } from './find-program.mjs';

const PACKAGES = ['systemd', 'systemd-journal-remote'];
/** systemd keeps it off the PATH. */
const PATHS = ['/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote'];

/**
 * The program that makes journal files of text, installed on Debian when we are root; and with it journalctl.
 *
 * @returns {string} its full path, or '' on a developer's machine that has none
 * @throws Error with the one line to type, in CI
 */
export function provideJournalRemote() {
  const found = findTools() ?? (aptInstall(PACKAGES, 'systemd-journal-remote') ? findTools() : undefined);
  if (found) return found;
  const reason = `journalctl and systemd-journal-remote are needed. Type:  sudo sh -c '${aptLine(PACKAGES)}'`;
  if (process.env.CI) throw new Error(reason);
  say(`THE TESTS OF THE JOURNAL ARE SKIPPED: ${reason}`);
  return '';
}

function findTools() {
  return findProgram(['journalctl']) && PATHS.find(isExecutable);
}
