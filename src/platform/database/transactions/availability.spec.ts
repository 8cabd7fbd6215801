import { jest } from '@jest/globals';
import { Availability } from './availability.js';

const LIMIT_MS = 5000;

describe('Availability', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** A database that has failed for longer than the limit. */
  function afterLongOutage(): Availability {
    const availability = new Availability(LIMIT_MS);
    availability.begin()!.end(false);
    jest.advanceTimersByTime(LIMIT_MS + 1);
    return availability;
  }

  it('lets each call try until its limit in a short outage', () => {
    const availability = new Availability(LIMIT_MS);
    const firstFailure = performance.now();
    availability.begin()!.end(false);
    expect([availability.begin(), availability.begin()]).not.toContain(null);
    expect(availability.isOver(firstFailure)).toBe(false);
    jest.advanceTimersByTime(LIMIT_MS + 1);
    expect(availability.isOver(firstFailure)).toBe(true);
  });

  it('lets one call at a time try in a long outage, and gives up after each attempt', () => {
    const availability = afterLongOutage();
    const trial = availability.begin()!;
    expect(availability.begin()).toBeNull();
    trial.end(false);
    expect(availability.isOver(performance.now())).toBe(true);
    expect(availability.begin()).not.toBeNull();
  });

  it('does not wait for an attempt that hangs, or for one that began before the outage', () => {
    const availability = new Availability(LIMIT_MS);
    availability.begin();
    availability.begin()!.end(false);
    jest.advanceTimersByTime(LIMIT_MS + 1);
    expect(availability.begin()).not.toBeNull();
    expect(availability.begin()).toBeNull();
    jest.advanceTimersByTime(3000);
    expect(availability.begin()).not.toBeNull();
  });

  it('ends the outage with a success only', () => {
    const availability = afterLongOutage();
    availability.begin()!.end(undefined);
    expect(availability.isOver(performance.now())).toBe(true);
    availability.begin()!.end(true);
    expect(availability.isOver(performance.now())).toBe(false);
  });
});
