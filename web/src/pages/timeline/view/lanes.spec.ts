import { MAX_LANES, assignLanes } from './lanes.js';

const spans = (...pairs: [number, number][]) => pairs.map(([start, end]) => ({ start, end }));

describe('assignLanes', () => {
  it('needs one lane while nothing overlaps', () => {
    expect(assignLanes(spans([0, 1], [1, 2], [5, 9]))).toEqual({ count: 1, lanes: new Uint8Array([0, 0, 0]) });
  });

  it('puts what overlaps beside each other and uses free lanes again', () => {
    expect([...assignLanes(spans([0, 10], [2, 4], [3, 8], [5, 6])).lanes]).toEqual([0, 1, 2, 1]);
  });

  it('keeps to the highest number of lanes', () => {
    const { count, lanes } = assignLanes(Array.from({ length: 9 }, () => ({ start: 0, end: 5 })));
    expect([count, Math.max(...lanes)]).toEqual([MAX_LANES, MAX_LANES - 1]);
  });

  it('lasts for ever where there is no end', () => {
    expect([...assignLanes(spans([0, Infinity], [100, 200])).lanes]).toEqual([0, 1]);
  });
});
