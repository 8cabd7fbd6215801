import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';

/** Reads one date. @returns milliseconds since 1970. @throws InstantSyntaxError */
export type DateReader = (text: string) => number;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const SQL_FORM = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Letters of a pattern (Unicode UTS 35, "Date Field Symbol Table") and the text that each matches. */
const LETTERS: Readonly<Record<string, string>> = {
  yyyy: '\\d{4}',
  yy: '\\d{2}',
  MMM: '[A-Za-z]{3}',
  MM: '\\d{2}',
  M: '\\d{1,2}',
  dd: '\\d{2}',
  d: '\\d{1,2}',
  HH: '\\d{2}',
  H: '\\d{1,2}',
  hh: '\\d{2}',
  h: '\\d{1,2}',
  mm: '\\d{2}',
  ss: '\\d{2}',
  S: '\\d{1,9}',
  a: '[AaPp][Mm]',
  XXX: 'Z|[+-]\\d{2}:?\\d{2}',
};

/**
 * Returns a parser for `iso` (also with a space instead of the T, as databases write it), `epoch` (seconds), `epoch-ms`, or
 * a pattern such as `dd.MM.yyyy HH:mm:ss`. Text in single quotes is literal.
 *
 * @param zone time zone of dates without an offset
 * @throws RangeError when the format is invalid
 */
export function dateReader(format: string, zone: TimeZone): DateReader {
  if (format === 'iso') return (text) => readIso(text, zone);
  if (format === 'epoch') return (text) => readNumber(text, 1000);
  if (format === 'epoch-ms') return (text) => readNumber(text, 1);
  return patternReader(format, zone);
}

function readIso(text: string, zone: TimeZone): number {
  const match = SQL_FORM.exec(text);
  if (!match) return parseInstant(text, zone);
  const [, day, clock = '00:00', offset = ''] = match;
  return parseInstant(`${day}T${clock}${fullOffset(offset)}`, zone);
}

/** @param factor milliseconds per unit of the number */
function readNumber(text: string, factor: number): number {
  if (!/^\d{1,15}(\.\d{1,9})?$/.test(text)) throw new InstantSyntaxError('is not a number since 1970');
  const [whole, fraction = ''] = text.split('.');
  const ms = Number(whole) * factor;
  return factor === 1 ? ms : ms + Number(fraction.padEnd(3, '0').slice(0, 3));
}

function patternReader(format: string, zone: TimeZone): DateReader {
  const letters: string[] = [];
  const source = (format.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']/g) ?? []).map((token) => {
    if (!/^[A-Za-z]/.test(token)) return escapeRegExp(token.startsWith("'") ? token.slice(1, -1) || "'" : token);
    const letter = /^S+$/.test(token) ? 'S' : token;
    if (!Object.hasOwn(LETTERS, letter) || letters.includes(letter))
      throw new RangeError(
        `iso, epoch, epoch-ms, or a pattern of ${Object.keys(LETTERS).join(' ')}; not ${token.slice(0, 20)}`,
      );
    letters.push(letter);
    return `(${LETTERS[letter]})`;
  });
  const has = (...some: string[]) => some.some((l) => letters.includes(l));
  if (!has('yyyy', 'yy') || !has('MMM', 'MM', 'M') || !has('dd', 'd'))
    throw new RangeError('a pattern has at least a year, a month and a day, such as dd.MM.yyyy');
  if (has('hh', 'h') !== has('a')) throw new RangeError('the letters h and a of a pattern need each other');
  const form = new RegExp(`^${source.join('')}$`);
  return (text) => {
    const match = form.exec(text);
    if (!match) throw new InstantSyntaxError(`does not have the form ${format}`);
    return parseInstant(toIso(new Map(letters.map((l, i) => [l, match[i + 1]!]))), zone);
  };
}

function toIso(part: ReadonlyMap<string, string>): string {
  const two = (...names: string[]) =>
    (names.map((n) => part.get(n)).find((v) => v !== undefined) ?? '0').padStart(2, '0');
  const year = part.get('yyyy') ?? `20${part.get('yy')}`;
  const name = part.get('MMM');
  const month = name === undefined ? two('MM', 'M') : String(MONTHS.indexOf(name.toLowerCase()) + 1).padStart(2, '0');
  const fraction = part.has('S') ? `.${part.get('S')}` : '';
  return `${year}-${month}-${two('dd', 'd')}T${hour(part, two)}:${two('mm')}:${two('ss')}${fraction}${fullOffset(part.get('XXX') ?? '')}`;
}

/** 12 AM is midnight, 12 PM is noon; hours outside 1 to 12 are invalid. */
function hour(part: ReadonlyMap<string, string>, two: (...names: string[]) => string): string {
  const half = part.get('a')?.toLowerCase();
  if (half === undefined) return two('HH', 'H');
  const number = Number(two('hh', 'h'));
  if (number < 1 || number > 12) throw new InstantSyntaxError(`has no such hour: ${number}`);
  return String((number % 12) + (half === 'pm' ? 12 : 0)).padStart(2, '0');
}

/** Normalises offsets: PostgreSQL writes +00, other programs write +0000. */
function fullOffset(offset: string): string {
  return offset.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours: string, minutes?: string) => `${hours}:${minutes ?? '00'}`);
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
