import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { PROGRAM } from '../../config/program-name.js';
import { parseCsvMap, parseDelimiter } from '../../modules/importers/csv/csv-options.js';
import { FORMAT_NAMES } from '../../modules/importers/format-names.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import type { ImportOptions } from './run-import.js';

const EXAMPLES = `
Examples:
  ${PROGRAM} import /var/log/wtmp --format wtmp
  ${PROGRAM} import auth.log.2.gz auth.log.1 auth.log --format authlog --time-zone Europe/Berlin
  zcat security.json.gz | ${PROGRAM} import - --format windows-security
  ${PROGRAM} import badge.csv --format csv --map client=PC,user=Who,login=From,logout=To --delimiter ';'

Importing the same log again, or a longer copy of it, neither loses nor doubles sessions.
Exit code: 0 all imported, 2 some records rejected, 1 failed, 130 stopped by ctrl-C.
The formats are described in docs/importing.md.`;

export function importCommand(): Command {
  return new Command('import')
    .description('import the sessions of log files')
    .argument('<files...>', 'files of one log, the oldest first, also gzip-compressed; - is standard input')
    .addOption(new Option('--format <name>', 'format of the files').choices(FORMAT_NAMES).makeOptionMandatory())
    .option('--host <name>', 'machine that wrote the files, where the log does not name it', hostname())
    .option('--time-zone <zone>', 'IANA zone of stamps without an offset', timeZone, 'UTC')
    .option('--year <year>', 'authlog: year of the first stamp (default: guessed from the date of the file)', yearOf)
    .option('--logon-types <types>', 'windows-security: interactive (2,7,10-13), all, or numbers such as 2,3,10')
    .option('--map <map>', 'csv: columns of the fields, such as login=Start,logout=End,user=3', valid(parseCsvMap))
    .option('--date-format <format>', 'csv: iso, epoch, epoch-ms, or a pattern such as dd.MM.yyyy HH:mm:ss')
    .option('--delimiter <character>', 'csv: between two cells; the word tab for a tab', valid(parseDelimiter))
    .option('--no-header', 'csv: the first line is a row, not a header')
    .option('--rejects <file>', 'write each rejected record to this file as a JSON line')
    .option('--dry-run', 'read and validate everything without writing; needs no database')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: ImportOptions, command: Command) => {
      const isZoneGiven = command.getOptionValueSource('timeZone') === 'cli';
      await (await import('./run-import.js')).runImportCommand(files, { ...options, isZoneGiven });
    });
}

/** Turns what a parser throws into commander's message, which names the option. */
function valid<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

function timeZone(text: string): string {
  return valid((id) => new TimeZone(id).id)(text);
}

function yearOf(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('it has four digits.');
  return Number(text);
}
