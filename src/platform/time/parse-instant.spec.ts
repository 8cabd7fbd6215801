import fc from 'fast-check';
import { InstantSyntaxError, parseInstant } from './parse-instant.js';
import { TimeZone } from './time-zone.js';

const utc = new TimeZone('UTC');
const newYork = new TimeZone('America/New_York');
const iso = (text: string, zone = utc) => new Date(parseInstant(text, zone)).toISOString();

describe('parseInstant accepts', () => {
  it.each([
    ['2021-04-01', '2021-04-01T00:00:00.000Z'],
    ['2021-04-01Z', '2021-04-01T00:00:00.000Z'],
    ['2021-04-01+03:00', '2021-03-31T21:00:00.000Z'],
    ['2021-04-01T12:00', '2021-04-01T12:00:00.000Z'],
    ['2021-04-01T12:00Z', '2021-04-01T12:00:00.000Z'],
    ['2021-04-01T12:00-05:30', '2021-04-01T17:30:00.000Z'],
    ['2021-04-01T12:00:07', '2021-04-01T12:00:07.000Z'],
    ['2021-04-01T12:00:07.5', '2021-04-01T12:00:07.500Z'],
    ['2021-04-01T12:00:07.050+00:00', '2021-04-01T12:00:07.050Z'],
    ['2021-04-01T12:00:07.123-00:00', '2021-04-01T12:00:07.123Z'],
    ['2020-02-29', '2020-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999', '9999-12-31T23:59:59.999Z'],
  ])('%s', (text, expected) => expect(iso(text)).toBe(expected));

  it.each(['.1239', '.123999999', '.1239999999999999'])('cuts %s off after the milliseconds', (fraction) => {
    expect(iso(`2021-04-01T23:59:59${fraction}Z`)).toBe('2021-04-01T23:59:59.123Z');
  });

  it('never rounds the last millisecond of a year up', () => {
    expect(iso('2020-12-31T23:59:59.9999999Z')).toBe('2020-12-31T23:59:59.999Z');
  });
});

describe('parseInstant reads a text without an offset in the zone', () => {
  it.each([
    ['2021-01-15', '2021-01-15T05:00:00.000Z'],
    ['2021-07-15', '2021-07-15T04:00:00.000Z'],
    ['2021-03-14T02:30', '2021-03-14T07:30:00.000Z'], // does not exist: forward by the gap, 03:30 -04:00
    ['2021-11-07T01:30', '2021-11-07T05:30:00.000Z'], // exists twice: the earlier, -04:00
    ['2021-11-07T01:30:00-05:00', '2021-11-07T06:30:00.000Z'],
    ['2021-07-15Z', '2021-07-15T00:00:00.000Z'],
  ])('%s in New York', (text, expected) => expect(iso(text, newYork)).toBe(expected));

  it('takes the first midnight after a day that a zone skipped', () => {
    expect(iso('2011-12-30', new TimeZone('Pacific/Apia'))).toBe('2011-12-30T10:00:00.000Z');
  });
});

describe('parseInstant refuses, naming what is wrong,', () => {
  it.each([
    ['2021-13-01', 'month: 13'],
    ['2021-00-01', 'month: 0'],
    ['2021-02-30', 'day'],
    ['2021-02-29', 'day'],
    ['1900-02-29', 'day'],
    ['2021-04-31', 'day'],
    ['2021-04-00', 'day'],
    ['2021-04-01T24:00', 'hour: 24'],
    ['2021-04-01T12:60', 'minute: 60'],
    ['2016-12-31T23:59:60Z', 'second: 60'],
    ['2021-04-01T12:00+19:00', 'offset'],
    ['2021-04-01T12:00+03:60', 'offset'],
    ['0000-12-31', 'years 0001 to 9999'],
    ['9999-12-31T23:00-02:00', 'years 0001 to 9999'],
  ])('%s', (text, naming) => {
    expect(() => parseInstant(text, utc)).toThrow(InstantSyntaxError);
    expect(() => parseInstant(text, utc)).toThrow(naming);
  });

  it.each([
    ...['', ' ', '2021', '2021-04', '21-04-01', '12021-04-01', '+002021-04-01', '-2021-04-01', '2021-4-1', '20210401'],
    ...['2021-04-01T', '2021-04-01T12', '2021-04-01T1200', '2021-04-01 12:00', '2021-04-01t12:00', '2021-04-01T12:00z'],
    ...['2021-04-01T12:00:00,5', '2021-04-01T12:00:00.', '2021-04-01T12:00.5', '2021-04-01.5', '2021-04-01T12:00+0300'],
    ...[
      '2021-04-01T12:00+03',
      '2021-04-01T12:00 03:00',
      '2021-04-01T12:00ZZ',
      ' 2021-04-01',
      '2021-04-01 ',
      '2021-04-01\n',
    ],
    ...[
      '2021-04-01T12:00[Europe/Paris]',
      '٢٠٢١-04-01',
      '2021-04-01T12:00\u221203:00',
      '1617278400',
      'now',
      'null',
      '2021-W13-4',
    ],
  ])('%j', (text) => expect(() => parseInstant(text, utc)).toThrow(InstantSyntaxError));

  it('anything else without another kind of error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0129-:.TZ+ ,') }), (text) => {
        try {
          expect(Number.isInteger(parseInstant(text, newYork))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InstantSyntaxError);
        }
      }),
    );
  });
});

describe('parseInstant and Date agree', () => {
  it('on every instant with an offset', () => {
    const ms = fc.integer({ min: Date.UTC(1, 1, 1), max: Date.UTC(9999, 0, 1) });
    const minutes = fc.integer({ min: -18 * 60, max: 18 * 60 });
    fc.assert(
      fc.property(ms, minutes, (instant, offset) => {
        const abs = Math.abs(offset);
        const two = (n: number) => String(n).padStart(2, '0');
        const local = new Date(instant + offset * 60_000).toISOString().slice(0, 23);
        const text = `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
        expect(parseInstant(text, newYork)).toBe(instant);
      }),
    );
  });
});
