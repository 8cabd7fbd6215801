/** After this without an action of the viewer, the page calls by itself: a live view goes on, but nobody may be there. */
const PRESENT_MS = 60_000;
const ACTIONS = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;

/** Opening the page is an action. */
let lastAction = performance.now();

export function listenForActions(): void {
  for (const action of ACTIONS)
    addEventListener(action, () => (lastAction = performance.now()), { capture: true, passive: true });
}

export function isPresent(): boolean {
  return performance.now() - lastAction < PRESENT_MS;
}
