import { DETAILS_CURSORS } from './page-cursor.js';

const position = { login: '2021-04-01 10:10:00.001', id: 2 ** 31 - 1 };
const written = (login: string, id: number) => DETAILS_CURSORS.write({ login, id });

describe('a cursor of session details', () => {
  it('reads back the position', () =>
    expect(DETAILS_CURSORS.read(DETAILS_CURSORS.write(position))?.position).toEqual(position));

  it.each([
    written('2021-02-30 10:10:00.001', 1),
    written('2021-04-01 25:10:00.001', 1),
    written('2021-04-01T10:10:00.001', 1),
    written("2021-04-01 10:10:00.001' OR 1=1", 1),
    written('2021-04-01 10:10:00.001', 0),
    written('2021-04-01 10:10:00.001', 1.5),
    written('2021-04-01 10:10:00.001', 2 ** 31),
  ])('is refused: %j', (text) => expect(DETAILS_CURSORS.read(text)).toBeUndefined());
});
