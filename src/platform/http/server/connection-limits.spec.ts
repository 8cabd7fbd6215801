import { maxConnections } from './connection-limits.js';

it.each([
  ['as many as configured', 100, 10_000, 100],
  ['half of the descriptors that are left', 10_000, 1024, 448],
  ['at least one', 10_000, 100, 1],
  ['as many as configured where the limit is unknown', 10_000, Infinity, 10_000],
])('a process accepts %s', (_rule, configured, descriptors, expected) => {
  expect(maxConnections(configured, descriptors)).toBe(expected);
});
