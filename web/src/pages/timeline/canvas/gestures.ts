import { type View, panned, zoomed } from '../view/view.js';

interface Surface {
  /** X of the first pixel of the window within the element. */
  readonly gutter: () => number;
  readonly view: () => View;
  readonly setView: (view: View) => void;
  readonly scrollBy: (pixels: number) => void;
  readonly onClick: (x: number, y: number) => void;
  readonly onHover: (at: { x: number; y: number } | null) => void;
}

/** A pointer that moves less than this has clicked. */
const CLICK_PIXELS = 5;
const WHEEL_ZOOM = 0.0022;

/** Pan and zoom with the mouse and by touch. @returns what stops listening */
export function listenForGestures(element: HTMLElement, surface: Surface): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const { view, setView, gutter } = surface;
  const place = (event: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  const onDown = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, place(event));
    element.setPointerCapture(event.pointerId);
  };

  const onMove = (event: PointerEvent) => {
    const at = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) return surface.onHover(event.pointerType === 'mouse' ? at : null);
    const [distance, centre] = [spread(pointers), middle(pointers)];
    pointers.set(event.pointerId, at);
    moved += Math.abs(at.x - before.x) + Math.abs(at.y - before.y);
    if (moved < CLICK_PIXELS) return;
    surface.onHover(null);
    if (pointers.size === 1) {
      setView(panned(view(), before.x - at.x));
      if (event.pointerType === 'mouse') surface.scrollBy(before.y - at.y);
    } else if (distance > 0 && spread(pointers) > 0) {
      const next = middle(pointers);
      setView(zoomed(panned(view(), centre - next), distance / spread(pointers), next - gutter()));
    }
  };

  const onUp = (event: PointerEvent) => {
    const at = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (at && moved < CLICK_PIXELS && event.type === 'pointerup') surface.onClick(at.x, at.y);
  };

  const onWheel = (event: WheelEvent) => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      setView(zoomed(view(), Math.exp(event.deltaY * WHEEL_ZOOM), place(event).x - gutter()));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      setView(panned(view(), event.deltaX || event.deltaY));
    }
  };

  const listeners: [string, (event: never) => void][] = [
    ['pointerdown', onDown],
    ['pointermove', onMove],
    ['pointerup', onUp],
    ['pointercancel', onUp],
    ['pointerleave', () => surface.onHover(null)],
    ['wheel', onWheel],
  ];
  for (const [name, listener] of listeners)
    element.addEventListener(name, listener as EventListener, { passive: name !== 'wheel' });
  return () => listeners.forEach(([name, listener]) => element.removeEventListener(name, listener as EventListener));
}

function spread(pointers: ReadonlyMap<number, { x: number }>): number {
  const xs = [...pointers.values()].map(({ x }) => x);
  return xs.length < 2 ? 0 : Math.max(8, Math.abs(xs[0]! - xs[1]!));
}

function middle(pointers: ReadonlyMap<number, { x: number }>): number {
  const xs = [...pointers.values()].map(({ x }) => x);
  return xs.reduce((a, b) => a + b, 0) / xs.length;
}
