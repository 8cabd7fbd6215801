import { StatementTurns } from './statement-turns.js';

const nextRound = () => new Promise((resolve) => setImmediate(resolve));

describe('StatementTurns', () => {
  /** Blocks as a statement of a synchronous driver does. */
  const block = (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until;);
  };

  it('runs one long statement in each round of the event loop', async () => {
    const turns = new StatementTurns();
    let ran = 0;
    const statement = () => {
      block(3);
      ran++;
    };
    const all = [1, 2, 3].map((spent) => turns.next(spent).then(statement));
    for (const expected of [1, 2, 3]) {
      await nextRound();
      expect(ran).toBe(expected);
    }
    await Promise.all(all);
  });

  it('runs many short statements in a round, also when each one follows another', async () => {
    const turns = new StatementTurns();
    let ran = 0;
    let rounds = 0;
    let isReading = true;
    const countRounds = async () => {
      for (; isReading; rounds++) await nextRound();
    };
    const counting = countRounds();
    for (let n = 0; n < 100; n++) await turns.next(n).then(() => ran++);
    isReading = false;
    await counting;
    expect(ran).toBe(100);
    expect(rounds).toBeLessThan(20);
  });

  it('prefers the snapshot that has taken the least time, and in every fourth turn the one that has waited longest', async () => {
    const turns = new StatementTurns();
    const order: number[] = [];
    await Promise.all([90, 80, 3, 2, 1, 4].map((spent) => turns.next(spent).then(() => order.push(spent))));
    expect(order).toEqual([1, 2, 3, 90, 4, 80]);
  });
});
