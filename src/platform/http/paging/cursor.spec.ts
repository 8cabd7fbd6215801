import { CursorCodec } from './cursor.js';

const codec = new CursorCodec<{ id: number }>('things', {
  write: ({ id }) => [id],
  read: ([id, ...rest]) => (Number.isSafeInteger(id) && rest.length === 0 ? { id: id as number } : undefined),
});
const FILTER = { from: '2021-04-01 00:00:00.000', caller: 'k4mq2zxa' };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('CursorCodec', () => {
  const text = codec.write({ id: 7 }, FILTER);

  it('reads back the position', () => expect(codec.read(text)?.position).toEqual({ id: 7 }));

  it('belongs to its filter, in any order of the parameters', () => {
    const cursor = codec.read(text)!;
    expect(codec.belongsTo(cursor, { caller: FILTER.caller, from: FILTER.from, to: null })).toBe(true);
    expect(codec.belongsTo(cursor, { ...FILTER, status: 200 })).toBe(false);
    expect(codec.belongsTo(cursor, {})).toBe(false);
  });

  it('is refused by another list', () => {
    const other = new CursorCodec('others', { write: () => [7], read: () => ({}) });
    expect(other.read(text)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    `${text}=`,
    ` ${text}`,
    text.slice(0, -1),
    encoded(null),
    encoded({}),
    encoded([]),
    encoded([1, 'things', 'digest']),
    encoded([1, 'things', 'digest', '7']),
    encoded([1, 'things', 'digest', 7, 8]),
    encoded([1, 'things', 5, 7]),
    encoded([2, 'things', 'digest', 7]),
    Buffer.from('[1, "things", "digest", 7]').toString('base64url'),
  ])('refuses %j', (other) => expect(codec.read(other)).toBeUndefined());
});
