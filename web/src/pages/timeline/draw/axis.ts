import { tickContext, timeTicks } from '../../../time/ticks.js';
import type { Zone } from '../../../time/zone.js';
import { type View, xOf } from '../view/view.js';
import type { Colors } from './colors.js';
import type { Layout } from './geometry.js';

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
export const STRONG_FONT = `600 ${FONT}`;

/** Lines of the ticks over all rows, and the labels above them. */
export function drawAxis(ctx: CanvasRenderingContext2D, view: View, layout: Layout, zone: Zone, colors: Colors): void {
  const ticks = timeTicks(view.from, view.to, view.width, zone);
  const { gutter, axis, height, width } = layout;
  ctx.save();
  ctx.beginPath();
  ctx.rect(gutter, 0, width - gutter, height);
  ctx.clip();
  for (const { at, strong, label } of ticks) {
    const x = Math.round(gutter + xOf(view, at)) + 0.5;
    ctx.strokeStyle = strong ? colors.lineStrong : colors.line;
    ctx.globalAlpha = strong ? 0.7 : 1;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, axis - 6);
    ctx.lineTo(x, height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillStyle = strong ? colors.text : colors.muted;
    ctx.font = strong ? STRONG_FONT : FONT;
    ctx.textAlign = 'center';
    ctx.fillText(label, x, axis - 10);
  }
  ctx.fillStyle = colors.text;
  drawContexts(
    ctx,
    view,
    layout.gutter,
    zone,
    ticks.map(({ at }) => at),
  );
  ctx.restore();
}

function drawContexts(
  ctx: CanvasRenderingContext2D,
  view: View,
  gutter: number,
  zone: Zone,
  ticks: readonly number[],
): void {
  const contextAt = (at: number) => tickContext(at, view.from, view.to, view.width, zone);
  ctx.font = STRONG_FONT;
  ctx.textAlign = 'left';
  let label = contextAt(view.from);
  // The first one gives way to the next one.
  const changes = ticks.filter((at, i) => contextAt(at) !== (i === 0 ? label : contextAt(ticks[i - 1]!)));
  const second = changes[0] === undefined ? Infinity : gutter + xOf(view, changes[0]);
  let free = gutter;
  if (gutter + 6 + ctx.measureText(label).width + 8 < second) {
    ctx.fillText(label, gutter + 6, 14);
    free = gutter + 6 + ctx.measureText(label).width + 8;
  }
  for (const at of changes) {
    label = contextAt(at);
    const x = gutter + xOf(view, at) + 4;
    if (x < free) continue;
    ctx.fillText(label, x, 14);
    free = x + ctx.measureText(label).width + 8;
  }
}
