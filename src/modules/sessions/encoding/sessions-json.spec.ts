import { TimeZone } from '../../../platform/time/time-zone.js';
import { encodeRows } from '../../../platform/database/snapshots/raw-rows.js';
import { SessionsJson, elementTemplate } from './sessions-json.js';

const LOGIN = '2021-04-01 10:00:00.000';
const zone = new TimeZone('Asia/Kolkata');
const templates = new Map([[1, elementTemplate('a"b\\c')]]);

function answer(rows: (string | number | null)[][], clipped = new Map()): { text: string; rows: number[] } {
  const json = new SessionsJson(zone);
  const pieces = [...json.add(encodeRows(rows), clipped, templates), json.end()];
  return { text: pieces.map((p) => String(p.text)).join(''), rows: pieces.map((p) => p.rows) };
}

describe('SessionsJson', () => {
  it('writes an empty array when there are no sessions', () => expect(answer([])).toEqual({ text: '[]', rows: [0] }));

  it('writes the same bytes as JSON.stringify', () => {
    const { text } = answer(
      [
        [1, 1, 7, LOGIN, null],
        [2, 1, 8, LOGIN, '2021-04-01 23:00:00.001'],
        [3, 1, 9, LOGIN, null],
      ],
      new Map([[2, { login: '2021-04-01 10:30:00.000', end: '2021-04-01 11:00:00.000' }]]),
    );
    const element = (sessionId: number, userId: number, loginDate: string, logoutDate: string | null) => {
      return { clientGuid: 'a"b\\c', logoutDate, loginDate, sessionId, userId };
    };
    expect(text).toBe(
      JSON.stringify([
        element(1, 7, '2021-04-01T15:30:00.000+05:30', null),
        element(2, 8, '2021-04-01T15:30:00.000+05:30', '2021-04-02T04:30:00.001+05:30'),
        element(3, 9, '2021-04-01T16:00:00.000+05:30', '2021-04-01T16:30:00.000+05:30'),
      ]),
    );
  });

  it('yields chunks that parse only when all of them are joined', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => [i + 1, 1, 1, LOGIN, null]);
    const json = new SessionsJson(zone);
    const chunks = [...json.add(encodeRows(rows), new Map(), templates)];
    expect(chunks.length).toBeGreaterThan(1);
    const end = json.end();
    expect(() => JSON.parse(chunks.map((c) => String(c.text)).join(''))).toThrow();
    const whole = [...chunks, end];
    expect((JSON.parse(whole.map((c) => String(c.text)).join('')) as unknown[]).length).toBe(2000);
    expect(whole.reduce((sum, c) => sum + c.rows, 0)).toBe(2000);
  });

  it('fails when a client has no template', () => {
    const json = new SessionsJson(zone);
    const add = () => [...json.add(encodeRows([[1, 2, 7, LOGIN, null]]), new Map(), templates)];
    expect(add).toThrow('There is no client 2.');
  });
});
