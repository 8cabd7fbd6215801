import { Command, InvalidArgumentError, Option } from 'commander';
import { PROGRAM } from '../../config/program-name.js';
import { type ExportListName, type ExportOptions, LIST_OPTIONS, optionName } from './export-options.js';

const EXAMPLES = `
Examples:
  ${PROGRAM} export sessions march.csv --from 2026-03-01 --to 2026-04-01
  ${PROGRAM} export sessions --user 'EXAMPLE\\jonas.lind' --format ndjson | gzip > jonas.ndjson.gz

The file has the bytes that the HTTP API answers with the same parameters. Instants without an offset are in API_TIME_ZONE.
It is written as FILE.partial and gets its name when it is complete.
Exit code: 0 complete, 1 failed, 130 stopped by ctrl-C.`;

const ABOUT: Readonly<Record<ExportListName, string>> = {
  sessions: 'sessions with their clients and users, in the order of login',
  activities: 'what was done in a session, in the order of time',
  users: 'users, and when they were seen',
  clients: 'clients, and when they were seen',
  concurrency: 'how many sessions were open, by bucket',
  overlaps: 'users who were on several clients at the same time',
};
const MAX_ID = 2 ** 31 - 1;

export function exportCommand(): Command {
  const command = new Command('export').description('write everything that matches a filter to a CSV or NDJSON file');
  for (const name of Object.keys(ABOUT) as ExportListName[]) command.addCommand(listCommand(name));
  return command;
}

function listCommand(name: ExportListName): Command {
  const command = new Command(name).description(ABOUT[name]);
  if (name === 'activities') command.argument('<sessionId>', 'id of the session', sessionId);
  command
    .argument('[file]', 'file that is created; - is standard output', '-')
    .addOption(
      new Option('--format <name>', 'default: ndjson for a file name that ends in .ndjson, otherwise csv').choices([
        'csv',
        'ndjson',
      ]),
    )
    .option('--overwrite', 'replace the file if it exists')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const [file, id] = [...command.processedArgs].reverse() as [string, number | undefined];
      const { runExport } = await import('./run-export.js');
      await runExport({ name, sessionId: id }, file, command.opts<ExportOptions>());
    });
  for (const { parameter, value, description } of LIST_OPTIONS[name])
    command.option(`${optionName(parameter)} <${value}>`, description, collect);
  return command;
}

function sessionId(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : NaN;
  if (!(id <= MAX_ID)) throw new InvalidArgumentError(`must be a whole number from 1 to ${MAX_ID}.`);
  return id;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
