import { StatementTurns } from './statement-turns.js';

const nextRound = () => new Promise((resolve) => setImmediate(resolve));

describe('StatementTurns', () => {
  it('runs one statement in each round of the event loop', async () => {
    const turns = new StatementTurns();
    let ran = 0;
    const all = [1, 2, 3].map((spent) => turns.next(spent).then(() => ran++));
    for (const expected of [1, 2, 3]) {
      await nextRound();
      expect(ran).toBe(expected);
    }
    await Promise.all(all);
  });

  it('prefers the snapshot that has taken the least time, and in every fourth turn the one that has waited longest', async () => {
    const turns = new StatementTurns();
    const order: number[] = [];
    await Promise.all([90, 80, 3, 2, 1, 4].map((spent) => turns.next(spent).then(() => order.push(spent))));
    expect(order).toEqual([1, 2, 3, 90, 4, 80]);
  });
});
