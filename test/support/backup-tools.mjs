import { aptInstall, aptLine, findProgram, printStatus } from './find-program.mjs';
import { isMariaDb } from './private-server.mjs';

const PACKAGES = ['mariadb-client', 'mariadb-backup'];
const PROGRAMS = ['mariadb', 'mariadb-dump', 'mariadb-backup'];

/**
 * Finds the tools that docs/operations.md uses to back up database servers. On Debian, as root, they are installed.
 *
 * @returns {boolean} whether they are there; false only outside CI
 * @throws Error with the command that installs them, in CI
 */
export function provideBackupTools() {
  const areThere = () => PROGRAMS.every((name) => findProgram([name]));
  if (areThere() || (aptInstall(PACKAGES, 'A backup tool of MariaDB') && areThere())) return true;
  const reason = `${PROGRAMS.join(', ')} are needed. Run:   sudo sh -c '${aptLine(PACKAGES)}'`;
  if (process.env.CI) throw new Error(reason);
  printStatus(`THE BACKUP TESTS OF SERVERS ARE SKIPPED: ${reason}`);
  return false;
}

/**
 * Looks for the tools of MySQL. Debian has none, and what mariadb-dump writes cannot be restored to MySQL: it has values of
 * generated columns.
 *
 * @returns {boolean} whether mysqldump and mysql are there, and are not links to those of MariaDB
 */
export function provideMysqlDump() {
  const programs = ['mysqldump', 'mysql'].map((name) => findProgram([name]));
  if (programs.every((program) => program && !isMariaDb(program))) return true;
  printStatus('THE BACKUP OF MYSQL IS NOT TESTED: mysqldump and mysql of MySQL are not on the PATH.');
  return false;
}
