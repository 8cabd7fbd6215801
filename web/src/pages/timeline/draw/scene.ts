import type { Zone } from '../../../time/zone.js';
import { formatClock, formatDay } from '../../../time/format.js';
import type { DataSet } from '../data/data-set.js';
import { rowAt } from '../data/data-set.js';
import { instantAt, xOf } from '../view/view.js';
import { drawAxis, FONT, STRONG_FONT } from './axis.js';
import { type BarScene, drawBars, fitted } from './bars.js';
import { type Layout, barBox, rowY, visibleRows } from './geometry.js';

export interface Scene extends Omit<BarScene, 'window' | 'rowHeight'> {
  readonly data: DataSet | undefined;
  readonly layout: Layout;
  readonly scrollTop: number;
  readonly zone: Zone;
  /** X of the pointer within the window; null = not over it. */
  readonly pointer: number | null;
  readonly hover: { readonly row: number; readonly bar: number } | null;
  readonly focus: { readonly row: number; readonly bar: number } | null;
}

/** Paints all of the timeline. The context is scaled to CSS pixels. */
export function paint(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, colors, data, view } = scene;
  ctx.fillStyle = colors.surface;
  ctx.fillRect(0, 0, layout.width, layout.height);
  if (data) shadeUnloaded(ctx, data, scene);
  paintRowGrounds(ctx, scene);
  drawAxis(ctx, view, layout, scene.zone, colors);
  if (data) paintRows(ctx, data, scene);
  paintNow(ctx, scene);
  paintGutter(ctx, scene);
  paintPointer(ctx, scene);
  ctx.fillStyle = colors.lineStrong;
  ctx.fillRect(0, layout.axis - 0.5, layout.width, 1);
}

function shadeUnloaded(ctx: CanvasRenderingContext2D, data: DataSet, { view, layout, colors }: Scene): void {
  ctx.fillStyle = colors.sunken;
  const left = xOf(view, data.window.from);
  const right = xOf(view, data.window.to);
  if (left > 0) ctx.fillRect(layout.gutter, layout.axis, Math.min(left, view.width), layout.height);
  if (right < view.width)
    ctx.fillRect(layout.gutter + Math.max(0, right), layout.axis, view.width - Math.max(0, right), layout.height);
}

function paintRowGrounds(
  ctx: CanvasRenderingContext2D,
  { data, layout, scrollTop, colors, hover, focus }: Scene,
): void {
  const { first, last } = visibleRows(layout, scrollTop, data?.total ?? 0);
  for (let i = first; i <= last; i++) {
    const y = rowY(layout, i, scrollTop);
    if (i === focus?.row || i === hover?.row) {
      ctx.fillStyle = colors.accentSoft;
      ctx.globalAlpha = i === focus?.row ? 0.9 : 0.5;
      ctx.fillRect(0, y, layout.width, layout.rowHeight);
      ctx.globalAlpha = 1;
    }
    ctx.fillStyle = colors.line;
    ctx.globalAlpha = 0.6;
    ctx.fillRect(0, y + layout.rowHeight - 1, layout.width, 1);
    ctx.globalAlpha = 1;
  }
}

function paintRows(ctx: CanvasRenderingContext2D, data: DataSet, scene: Scene): void {
  const { layout, scrollTop, focus, colors, view, now } = scene;
  const { first, last } = visibleRows(layout, scrollTop, data.total);
  const bars: BarScene = { ...scene, window: data.window, rowHeight: layout.rowHeight };
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.gutter, layout.axis, view.width, layout.height - layout.axis);
  ctx.clip();
  for (let i = first; i <= last; i++) {
    const row = rowAt(data, i);
    if (!row) continue;
    ctx.save();
    ctx.translate(layout.gutter, rowY(layout, i, scrollTop));
    drawBars(ctx, row, bars);
    const focused = focus?.row === i ? row.bars[focus.bar] : undefined;
    if (focused) {
      const box = barBox(focused, row, view, layout.rowHeight, now);
      ctx.strokeStyle = colors.text;
      ctx.lineWidth = 2;
      ctx.strokeRect(box.x - 1.5, box.y - 1.5, box.width + 3, box.height + 3);
    }
    ctx.restore();
  }
  ctx.restore();
}

function paintNow(ctx: CanvasRenderingContext2D, { view, layout, now, colors }: Scene): void {
  if (now < view.from || now > view.to) return;
  const x = layout.gutter + xOf(view, now);
  ctx.fillStyle = colors.sunken;
  ctx.globalAlpha = 0.5;
  ctx.fillRect(x, layout.axis, layout.width - x, layout.height);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colors.live;
  ctx.fillRect(x - 0.75, layout.axis - 4, 1.5, layout.height);
}

function paintGutter(ctx: CanvasRenderingContext2D, { data, layout, scrollTop, colors, focus }: Scene): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, layout.axis, layout.gutter, layout.height);
  ctx.clip();
  const { first, last } = visibleRows(layout, scrollTop, data?.total ?? 0);
  ctx.textAlign = 'left';
  for (let i = first; i <= last; i++) {
    const row = rowAt(data, i);
    const y = rowY(layout, i, scrollTop);
    ctx.font = i === focus?.row ? STRONG_FONT : FONT;
    ctx.fillStyle = row ? colors.text : colors.muted;
    ctx.fillText(row ? fitted(ctx, row.name, layout.gutter - 20) : '…', 12, y + layout.rowHeight / 2 + 4);
  }
  ctx.restore();
  ctx.fillStyle = colors.line;
  ctx.fillRect(layout.gutter - 1, 0, 1, layout.height);
}

/** The line and the time at the pointer. */
function paintPointer(ctx: CanvasRenderingContext2D, { pointer, view, layout, zone, colors }: Scene): void {
  if (pointer === null) return;
  const x = layout.gutter + pointer;
  ctx.fillStyle = colors.text;
  ctx.globalAlpha = 0.35;
  ctx.fillRect(Math.round(x), layout.axis, 1, layout.height);
  ctx.globalAlpha = 1;
  const at = instantAt(view, pointer);
  const isLong = view.to - view.from > 200_000 * view.width;
  const text = `${formatDay(at, zone)}, ${formatClock(at, zone, !isLong)}`;
  ctx.font = STRONG_FONT;
  ctx.textAlign = 'left';
  const width = ctx.measureText(text).width + 12;
  const left = Math.min(Math.max(layout.gutter, x - width / 2), layout.width - width);
  ctx.fillStyle = colors.text;
  ctx.beginPath();
  ctx.roundRect(left, layout.axis - 23, width, 19, 4);
  ctx.fill();
  ctx.fillStyle = colors.surface;
  ctx.fillText(text, left + 6, layout.axis - 9);
}
