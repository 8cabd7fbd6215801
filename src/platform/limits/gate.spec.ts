import { Gate } from './gate.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Gate', () => {
  it('lets so many in at a time, in the order in which they came', async () => {
    const gate = new Gate(2);
    const order: string[] = [];
    let inside = 0;
    const visit = (name: string, turns: number) =>
      gate.run(async () => {
        expect(++inside).toBeLessThanOrEqual(2);
        order.push(name);
        for (let i = 0; i < turns; i++) await turn();
        inside--;
      });
    await Promise.all([visit('a', 5), visit('b', 1), visit('c', 1), visit('d', 1)]);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives a place back once, also after a failure', async () => {
    const gate = new Gate(1);
    await expect(gate.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    const leave = gate.tryEnter()!;
    expect(gate.tryEnter()).toBeNull();
    leave();
    leave();
    expect(gate.tryEnter()).not.toBeNull();
    expect(gate.tryEnter()).toBeNull();
  });
});
