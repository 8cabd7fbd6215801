import { Remembered } from './remembered.js';

const read = (asked: number[][]) => async (ids: readonly number[]) => {
  asked.push([...ids]);
  return new Map(ids.filter((id) => id < 100).map((id) => [id, `v${id}`]));
};

describe('Remembered', () => {
  it('reads each id once', async () => {
    const asked: number[][] = [];
    const names = new Remembered<string>('thing', 10);
    await names.of([1, 2, 2], read(asked));
    const valueOf = await names.of([2, 3], read(asked));
    expect([asked, valueOf(2), valueOf(3)]).toEqual([[[1, 2], [3]], 'v2', 'v3']);
  });

  it('forgets when it is full, but not what somebody is still using', async () => {
    const asked: number[][] = [];
    const names = new Remembered<string>('thing', 3);
    const before = await names.of([1, 2], read(asked));
    const after = await names.of([2, 3, 4], read(asked));
    expect([before(1), after(2), after(4)]).toEqual(['v1', 'v2', 'v4']);
    expect(asked).toEqual([
      [1, 2],
      [2, 3, 4],
    ]);
  });

  it('fails on an id that nothing belongs to', async () => {
    const valueOf = await new Remembered<string>('thing', 3).of([100], read([]));
    expect(() => valueOf(100)).toThrow('There is no thing 100.');
  });
});
