import { findProgram } from '../../test/support/find-program.mjs';
import { isMariaDb, provideServer } from '../../test/support/private-server.mjs';

/**
 * The program of a database server.
 *
 * @param engine `mariadb`, `mysql`, or `sqlite` and undefined for any
 * @param named path that the user gave
 * @throws Error if there is none, or if it is another one
 */
export function serverProgram(engine: string | undefined, named: string | undefined): string {
  if (engine !== undefined && !['mariadb', 'mysql', 'sqlite'].includes(engine))
    throw new Error(`--engine is mariadb, mysql or sqlite, not ${engine}.`);
  if (engine === undefined || engine === 'sqlite') return named ?? provideServer();
  const program = named ?? (engine === 'mariadb' ? provideServer() : findProgram(['mysqld']));
  if (program === undefined) throw new Error('There is no mysqld on the PATH. Name one with --server.');
  if (isMariaDb(program) !== (engine === 'mariadb'))
    throw new Error(`${program} is not ${engine}. Name one with --server.`);
  return program;
}
