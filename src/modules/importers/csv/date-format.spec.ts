import { TimeZone } from '../../../platform/time/time-zone.js';
import { dateReader } from './date-format.js';

const read = (format: string, text: string, zone = 'UTC') =>
  new Date(dateReader(format, new TimeZone(zone))(text)).toISOString();

describe('dates of a table', () => {
  it.each([
    ['iso', '2021-03-01 10:00:00.1239', '2021-03-01T10:00:00.123Z'],
    ['iso', '2021-03-01 10:00:00+02', '2021-03-01T08:00:00.000Z'],
    ['iso', '2021-03-01T10:00:00+0230', '2021-03-01T07:30:00.000Z'],
    ['iso', '2021-03-01', '2021-03-01T00:00:00.000Z'],
    ['epoch', '1614592800.5', '2021-03-01T10:00:00.500Z'],
    ['epoch-ms', '1614592800123', '2021-03-01T10:00:00.123Z'],
    ['dd.MM.yyyy HH:mm:ss', '01.03.2021 10:11:12', '2021-03-01T10:11:12.000Z'],
    ['M/d/yy h:mm a', '3/1/21 12:05 AM', '2021-03-01T00:05:00.000Z'],
    ['M/d/yy h:mm a', '3/1/21 12:05 pm', '2021-03-01T12:05:00.000Z'],
    ["d MMM yyyy 'at' HH:mm:ss.SSSXXX", '1 MAR 2021 at 10:00:00.25+01:00', '2021-03-01T09:00:00.250Z'],
  ])('are read by %s: %s', (format, text, expected) => {
    expect(read(format, text)).toBe(expected);
  });

  it('are in the given zone when they have no offset', () => {
    expect(read('dd.MM.yyyy HH:mm', '01.07.2021 12:00', 'Europe/Berlin')).toBe('2021-07-01T10:00:00.000Z');
  });

  it.each([
    ['dd.MM.yyyy', '31.02.2021', 'day'],
    ['dd.MM.yyyy', '1.2.2021', 'form'],
    ['d MMM yyyy', '1 Foo 2021', 'month'],
    ['M/d/yyyy h:mm a', '3/1/2021 13:05 PM', 'hour'],
    ['epoch', '1e9', 'number'],
  ])('are refused by %s: %s', (format, text, why) => {
    expect(() => read(format, text)).toThrow(why);
  });

  it.each(['dd.MM', 'yyyy-MM-dd QQ', 'dd.dd.MM.yyyy', 'yyyy-MM-dd h:mm', 'yyyy-MM-dd HH:mm a'])(
    'reject the format %s',
    (format) => {
      expect(() => dateReader(format, new TimeZone('UTC'))).toThrow(RangeError);
    },
  );
});
