import { parseInstant } from './parse.js';
import { Zone } from './zone.js';

const berlin = new Zone('Europe/Berlin');
const NOW = Date.parse('2026-03-02T09:00:00Z');
const parsed = (text: string) => {
  const instant = parseInstant(text, berlin, NOW);
  return instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 19);
};

describe('parseInstant', () => {
  it.each([
    ['now', '2026-03-02T09:00:00'],
    ['yesterday noon', '2026-03-01T11:00:00'],
    ['Yesterday at 9:30', '2026-03-01T08:30:00'],
    ['today', '2026-03-01T23:00:00'],
    ['9:30 pm', '2026-03-02T20:30:00'],
    ['12am', '2026-03-01T23:00:00'],
    ['2026-03-01', '2026-02-28T23:00:00'],
    ['2026-03-01 12:00:05', '2026-03-01T11:00:05'],
    ['2026-03-01T12:00', '2026-03-01T11:00:00'],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00'],
    ['2026-03-01T12:00:00.000-05:00', '2026-03-01T17:00:00'],
    ['-2h', '2026-03-02T07:00:00'],
    ['-3 d', '2026-02-27T09:00:00'],
    ['-90 min', '2026-03-02T07:30:00'],
    ['in 90 days', '2026-05-31T09:00:00'],
    ['In 1 week', '2026-03-09T09:00:00'],
    ['+12h', '2026-03-02T21:00:00'],
  ])('understands %s', (text, expected) => expect(parsed(text)).toBe(expected));

  it.each([
    '',
    'soon',
    '12',
    '2026-02-30',
    '2026-13-01',
    '25:00',
    '13pm',
    '2026-03-01 24:00',
    'yesterday soon',
    'in days',
    '90 days',
    '+1y',
  ])('refuses %p', (text) => expect(parsed(text)).toBeUndefined());
});
