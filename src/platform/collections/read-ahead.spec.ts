import { readAhead } from './read-ahead.js';

async function* counted(until: number, asked: number[], ended: () => void, error?: Error): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= until; n++) {
      asked.push(n);
      yield n;
    }
    if (error) throw error;
  } finally {
    ended();
  }
}

describe('readAhead', () => {
  it('asks for the next item before the current one is used, and returns all in order', async () => {
    const asked: number[] = [];
    const seen: [number, number][] = [];
    for await (const n of readAhead(counted(3, asked, () => undefined))) {
      await Promise.resolve();
      seen.push([n, asked.length]);
    }
    expect(seen).toEqual([
      [1, 2],
      [2, 3],
      [3, 3],
    ]);
  });

  it('ends the generator when the caller stops', async () => {
    let ends = 0;
    for await (const n of readAhead(counted(9, [], () => ends++))) if (n === 2) break;
    expect(ends).toBe(1);
  });

  it('throws an error after the items before it', async () => {
    const seen: number[] = [];
    const read = async () => {
      for await (const n of readAhead(counted(2, [], () => undefined, new Error('gone')))) seen.push(n);
    };
    await expect(read()).rejects.toThrow('gone');
    expect(seen).toEqual([1, 2]);
  });
});
