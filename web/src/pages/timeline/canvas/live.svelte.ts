import { serverNow } from '../../../api/client.js';
import { type View, moved, span } from '../view/view.js';

interface Live {
  readonly view: () => View;
  /** Whether the window moves with the time. */
  readonly following: () => boolean;
  readonly draw: () => void;
  readonly onFollow: (view: View) => void;
  /** Loads again what is visible. */
  readonly refresh: () => void;
}

const REFRESH_MS = [15_000, 120_000] as const;
const TICK_MS = [33, 20_000] as const;
/** Part of the window that is after now while it follows. */
const AFTER_NOW = 0.04;

/** Lets time go on while the window contains now. Must be called while a component is created. */
export function keepLive({ view, following, draw, onFollow, refresh }: Live): void {
  // Open bars and the line of now move: with each frame while a pixel is short, otherwise now and then.
  $effect(() => {
    const seen = view();
    if (seen.from > serverNow() || seen.to < serverNow() - span(seen)) return;
    const tick = () => {
      if (!following()) return draw();
      onFollow(moved(seen, serverNow() + span(seen) * AFTER_NOW - seen.to));
    };
    const timer = setInterval(tick, between(span(seen) / seen.width / 2, TICK_MS));
    return () => clearInterval(timer);
  });

  const includesNow = $derived(view().to > serverNow());
  const refreshMs = $derived(between(span(view()) / 100, REFRESH_MS));
  $effect(() => {
    if (!includesNow) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), refreshMs);
    return () => clearInterval(timer);
  });
}

function between(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value));
}
