import { Command, Option } from 'commander';
import { PROGRAM } from '../../config/program-name.js';
import {
  EXPORT_LIST_NAMES,
  type ExportListName,
  type ExportOptions,
  LIST_OPTIONS,
  optionName,
} from './export-options.js';

const EXAMPLES = `
Examples:
  ${PROGRAM} export sessions march.csv --from 2026-03-01 --to 2026-04-01
  ${PROGRAM} export sessions --user 'EXAMPLE\\jonas.lind' --format ndjson | gzip > jonas.ndjson.gz

The file has the bytes that the HTTP API answers with the same parameters. Instants without an offset are in API_TIME_ZONE.
It is written as FILE.partial and gets its name when it is complete.
Exit code: 0 complete, 1 failed, 130 stopped by ctrl-C.`;

const ABOUT: Readonly<Record<ExportListName, string>> = {
  sessions: 'write sessions with their clients and users, in the order of login',
};

export function exportCommand(): Command {
  const command = new Command('export').description('write everything that matches a filter to a CSV or NDJSON file');
  for (const list of EXPORT_LIST_NAMES) command.addCommand(listCommand(list));
  return command;
}

function listCommand(list: ExportListName): Command {
  const command = new Command(list)
    .description(ABOUT[list])
    .argument('[file]', 'file that is created; - is standard output', '-')
    .addOption(
      new Option('--format <name>', 'default: ndjson for a file name that ends in .ndjson, otherwise csv').choices([
        'csv',
        'ndjson',
      ]),
    )
    .option('--overwrite', 'replace the file if it exists')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: ExportOptions) =>
      (await import('./run-export.js')).runExport(list, file, options),
    );
  for (const { parameter, value, description } of LIST_OPTIONS[list])
    command.option(`${optionName(parameter)} <${value}>`, description, collect);
  return command;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
