import { Turns } from './turns.js';

describe('turns', () => {
  it('let so many work at a time, the others in the order in which they came', async () => {
    const turns = new Turns(2);
    const order: string[] = [];
    let atWork = 0;
    let most = 0;
    const work = async (name: string) => {
      const leave = await turns.take();
      most = Math.max(most, ++atWork);
      await new Promise(setImmediate);
      order.push(name);
      atWork--;
      leave();
    };
    await Promise.all([...'abcdef'].map(work));
    expect([order.join(''), most]).toEqual(['abcdef', 2]);
  });
});
