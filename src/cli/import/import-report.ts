import { cleanText } from '../../platform/text/clean-text.js';
import { type ImportSummary, MAX_MACHINES } from '../../modules/importers/import-run.js';
import type { ReadingNote } from '../../modules/importers/log-reader.js';

const SHOWN_MACHINES = 5;

export interface ImportReport {
  readonly summary: ImportSummary;
  readonly notes: readonly ReadingNote[];
  readonly seconds: number;
  readonly dryRun: boolean;
  /** Names of inputs without content. */
  readonly empty: readonly string[];
  /** The date that a guessed year comes from is that of a copied pipe. */
  readonly isDateOfCopy: boolean;
  /** `interrupted` and `failed` imports were not read to the end. */
  readonly outcome: 'complete' | 'interrupted' | 'failed';
  readonly rejectsFile: string | undefined;
}

/** The summary of an import, a line each. What was guessed comes first, because the sessions may be wrong because of it. */
export function reportLines(report: ImportReport): string[] {
  const { summary, notes, empty, outcome, rejectsFile } = report;
  const guesses = notes.flatMap((note) => guessOf(note, report.isDateOfCopy));
  const remarks = notes.flatMap((note) => (note.kind === 'remark' ? [cleanText(note.text)] : []));
  return [
    ...(guesses.length > 0 ? [guesses.join(' ')] : []),
    ...(outcome === 'complete' ? [] : [stopLine(outcome)]),
    countLine(report),
    ...spanLine(summary),
    ...remarks,
    ...empty.map((name) => `${cleanText(name)} is empty`),
    ...(summary.counts.rejected > 0 && rejectsFile !== undefined ? [`What was rejected is in ${rejectsFile}`] : []),
  ];
}

function guessOf(note: ReadingNote, isDateOfCopy: boolean): string[] {
  if (note.kind === 'year-guessed') {
    const source = isDateOfCopy ? "today's date" : "the file's date";
    return [`Year guessed: ${note.year}, from ${source}; give --year to set it.`];
  }
  if (note.kind === 'zone-assumed')
    return [`Time zone assumed: ${note.zone}, for stamps without an offset; give --time-zone to set it.`];
  return [];
}

function stopLine(outcome: 'interrupted' | 'failed'): string {
  const what = outcome === 'interrupted' ? 'Interrupted' : 'Failed';
  return `${what} before the end. Run the same command again to go on: sessions that were imported are not doubled. Until now:`;
}

function countLine({ summary: { counts, activities }, dryRun, seconds }: ImportReport): string {
  const { created, updated, unchanged, rejected, valid } = counts;
  const done = dryRun ? `dry run: valid ${valid}` : `created ${created}, updated ${updated}, unchanged ${unchanged}`;
  return `${done}, rejected ${rejected}, activities ${activities} in ${seconds.toFixed(1)} s`;
}

function spanLine({ machines, firstMs, lastMs }: ImportSummary): string[] {
  if (machines.size === 0) return [];
  const shown = [...machines].slice(0, SHOWN_MACHINES).map(cleanText).join(', ');
  const more = machines.size > SHOWN_MACHINES ? ', …' : '';
  const count = `${machines.size.toLocaleString('en')}${machines.size >= MAX_MACHINES ? ' or more' : ''}`;
  return [`machines: ${count} (${shown}${more}); from ${iso(firstMs)} to ${iso(lastMs)}`];
}

const iso = (ms: number) => new Date(ms).toISOString();
