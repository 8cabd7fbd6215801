import { cursorText, parseCursor } from './page-cursor.js';

const position = { login: '2021-04-01 10:10:00.001', id: 2 ** 31 - 1 };
const encoded = (text: string) => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it('comes back as the same position', () => expect(parseCursor(cursorText(position))).toEqual(position));

  it.each([
    '',
    'x',
    `${cursorText(position)}=`,
    ` ${cursorText(position)}`,
    cursorText(position).slice(0, -1),
    encoded('2021-02-30 10:10:00.001 1'),
    encoded('2021-04-01 25:10:00.001 1'),
    encoded('2021-04-01 10:10:00.001 0'),
    encoded('2021-04-01 10:10:00.001 01'),
    encoded(`2021-04-01 10:10:00.001 ${2 ** 31}`),
    encoded("2021-04-01 10:10:00.001 1' OR 1=1"),
  ])('is nothing else: %j', (text) => expect(parseCursor(text)).toBeNull());
});
