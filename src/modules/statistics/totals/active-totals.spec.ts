import { ActiveTotals } from './active-totals.js';

describe('ActiveTotals', () => {
  it('adds up by name, longest first, and by day', () => {
    const totals = new ActiveTotals();
    totals.add('b', '2021-04-02', 1_000);
    totals.add('a', '2021-04-01', 1_000);
    totals.add('c', '2021-04-01', 1_500);
    totals.add('c', '2021-04-02', 500);
    expect(totals.take(2)).toEqual({
      items: [
        { name: 'c', seconds: 2 },
        { name: 'a', seconds: 1 },
      ],
      otherSeconds: 1,
      days: [
        { day: '2021-04-01', seconds: 2.5 },
        { day: '2021-04-02', seconds: 1.5 },
      ],
    });
  });
});
