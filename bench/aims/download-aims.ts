import { aptInstall, aptLine, findProgram } from '../../test/support/find-program.mjs';
import { clientSeconds, download, windowsDuringDownloads } from '../downloads.js';
import { median } from '../support/median.js';
import { count, inMiB, inMs, printProgress, printTable, times } from '../support/report.js';
import { type AimRun, application, repeated, startedApplication } from './aim-run.js';

export async function downloadTable({ databases: all, quick, rounds }: AimRun): Promise<void> {
  const databases = all.slice(-2);
  const client = findClient(databases.every(({ url }) => url.startsWith('sqlite:')));
  const rows: string[][] = [];
  for (const database of databases) {
    printProgress(`all of ${count(database.sessions)} sessions`);
    const { app, key } = await application(database.url);
    const plain = median(await repeated(quick ? 1 : 3, () => clientSeconds(client, database)));
    const whole = await repeated(quick ? 1 : 3, () => download(app, key));
    for (const { isWhole, rows: sent } of whole)
      if (!isWhole || sent !== database.sessions) throw new Error(`the download of ${sent} rows is not complete`);
    const seconds = median(whole.map((one) => one.seconds));
    const slow = await download(app, key, { bytesPerSecond: 1_000_000, forSeconds: quick ? 5 : 40 });
    rows.push([
      count(database.sessions),
      count(database.sessions / seconds),
      count(database.sessions / plain),
      (plain / seconds).toFixed(2),
      inMs(median(whole.map(({ firstByteMs }) => firstByteMs))),
      inMiB(Math.max(...whole.map(({ peakBytes }) => peakBytes))),
      inMiB(slow.peakBytes),
    ]);
  }
  printTable(
    'Everything (aims: at least 0.6 of the client, first byte within 200 ms, under 200 MiB for any size and reader)',
    ['sessions', 'rows/s', 'rows/s of the client', 'ratio', 'first byte', 'peak memory', 'peak, reader of 1 MB/s'],
    rows,
  );
  const { app, windowServer } = await startedApplication(databases.at(-1)!);
  printProgress('windows during ten downloads');
  const { alone, during } = await windowsDuringDownloads(app, windowServer, {
    sessions: databases.at(-1)!.sessions,
    rounds,
  });
  await app.kill();
  printTable(
    'One hour during ten unthrottled downloads of everything',
    ['alone', 'during', 'ratio'],
    [[inMs(alone), inMs(during), times(during / alone)]],
  );
}

function findClient(isSqlite: boolean): string {
  const names = isSqlite ? ['sqlite3'] : ['mariadb', 'mysql'];
  const packages = [isSqlite ? 'sqlite3' : 'mariadb-client-core'];
  const find = () => findProgram(names);
  const program = find() ?? (aptInstall(packages, 'The client of the database') ? find() : undefined);
  if (!program)
    throw new Error(
      `This needs the client ${names.join(' or ')} on the PATH. Run:   sudo sh -c '${aptLine(packages)}'`,
    );
  return program;
}
