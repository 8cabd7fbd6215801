import { aptInstall, aptLine, findProgram, isExecutable, printStatus } from './find-program.mjs';

const PACKAGES = ['systemd', 'systemd-journal-remote'];
/** systemd installs it outside the PATH. */
const PATHS = ['/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote'];

/**
 * Finds systemd-journal-remote, which converts text to journal files, and journalctl. On Debian, as root, they are installed.
 *
 * @returns {string} the full path of systemd-journal-remote, or '' if it is missing outside CI
 * @throws Error with the command that installs it, in CI
 */
export function provideJournalRemote() {
  const found = findTools() ?? (aptInstall(PACKAGES, 'systemd-journal-remote') ? findTools() : undefined);
  if (found) return found;
  const reason = `journalctl and systemd-journal-remote are needed. Run:   sudo sh -c '${aptLine(PACKAGES)}'`;
  if (process.env.CI) throw new Error(reason);
  printStatus(`THE JOURNAL TESTS ARE SKIPPED: ${reason}`);
  return '';
}

function findTools() {
  return findProgram(['journalctl']) && PATHS.find(isExecutable);
}
