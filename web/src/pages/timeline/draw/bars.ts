import type { Session } from '../../../api/types.js';
import type { Bar, Row, RowKind } from '../data/model.js';
import type { FetchWindow } from '../view/fetch-window.js';
import { type View, xOf } from '../view/view.js';
import { FONT } from './axis.js';
import type { Colors } from './colors.js';
import { barBox } from './geometry.js';

export interface BarScene {
  readonly view: View;
  readonly rowHeight: number;
  readonly now: number;
  readonly kind: RowKind;
  readonly colors: Colors;
  readonly lostPattern: CanvasPattern;
  readonly window: FetchWindow;
  readonly session: (id: number | undefined) => Session | undefined;
}

const NAME_WIDTH = 44;
const LOWEST_TEXT = 13;
const FADE = 18;

/** Bars of one row. The origin of the context is the top left of the row, right of the names. */
export function drawBars(ctx: CanvasRenderingContext2D, row: Row, scene: BarScene): void {
  for (const bar of row.bars) {
    const box = barBox(bar, row, scene.view, scene.rowHeight, scene.now);
    if (box.x > scene.view.width || box.x + box.width < 0) continue;
    drawTails(ctx, bar, box, scene);
    fillBar(ctx, bar, box, scene);
    if (box.width >= NAME_WIDTH && box.height >= LOWEST_TEXT) drawLabel(ctx, bar, box, scene);
  }
}

type Box = ReturnType<typeof barBox>;

/** A thin line where the session lasts but no activity was recorded: the vendor's rule starts the bar at the first one. */
function drawTails(ctx: CanvasRenderingContext2D, bar: Bar, box: Box, { view, window, now, colors }: BarScene): void {
  if (!bar.clippedStart && !bar.clippedEnd) return;
  ctx.fillStyle = colors[bar.state];
  const y = box.y + box.height / 2 - 1;
  if (bar.clippedStart) {
    const from = Math.max(0, xOf(view, window.from));
    if (box.x > from) ctx.fillRect(from, y, box.x - from, 2);
  }
  if (bar.clippedEnd) {
    const to = Math.min(view.width, xOf(view, Math.min(window.to, now)));
    const right = box.x + box.width;
    if (to > right) ctx.fillRect(right, y, to - right, 2);
  }
}

function fillBar(ctx: CanvasRenderingContext2D, bar: Bar, box: Box, scene: BarScene): void {
  const { colors } = scene;
  const { x, y, width, height } = box;
  const isGroup = bar.sessions > 1;
  ctx.globalAlpha = isGroup ? 0.72 : 1;
  ctx.fillStyle = bar.state === 'lost' ? scene.lostPattern : colors[bar.state];
  if (bar.end === Infinity && width > FADE) ctx.fillStyle = faded(ctx, box, colors.live);
  if (width < 5) ctx.fillRect(x, y, width, height);
  else {
    ctx.beginPath();
    ctx.roundRect(x, y, width, height, bar.end === Infinity ? [3, 0, 0, 3] : 3);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  if (bar.state === 'lost' && width >= 5) outlineLost(ctx, box, colors);
  if (bar.end === Infinity && width > FADE) drawChevron(ctx, box, colors);
}

function faded(ctx: CanvasRenderingContext2D, { x, width }: Box, color: string): CanvasGradient {
  const gradient = ctx.createLinearGradient(x, 0, x + width, 0);
  gradient.addColorStop(0, color);
  gradient.addColorStop(Math.max(0, 1 - FADE / width), color);
  gradient.addColorStop(1, color.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.25)'));
  return gradient;
}

/** Solid where the session is known to have been, dashed where its end is only estimated. */
function outlineLost(ctx: CanvasRenderingContext2D, { x, y, width, height }: Box, colors: Colors): void {
  ctx.strokeStyle = colors.lost;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1);
  ctx.setLineDash([2, 2]);
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x + width, y - 1);
  ctx.lineTo(x + width, y + height + 1);
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawChevron(ctx: CanvasRenderingContext2D, { x, y, width, height }: Box, colors: Colors): void {
  const [right, middle, size] = [x + width, y + height / 2, Math.min(4, height / 3)];
  ctx.strokeStyle = colors.live;
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  ctx.moveTo(right - size, middle - size);
  ctx.lineTo(right, middle);
  ctx.lineTo(right - size, middle + size);
  ctx.stroke();
}

function drawLabel(ctx: CanvasRenderingContext2D, bar: Bar, box: Box, { session, kind, colors, view }: BarScene): void {
  const text = labelOf(bar, kind, session);
  if (text === '') return;
  const left = Math.max(0, box.x) + 6;
  const room = Math.min(view.width, box.x + box.width) - left - (bar.end === Infinity ? FADE : 4);
  if (room < NAME_WIDTH - 16) return;
  ctx.font = FONT;
  ctx.textAlign = 'left';
  ctx.fillStyle = bar.state === 'lost' ? colors.text : colors.ink;
  const shown = fitted(ctx, text, room);
  if (bar.state === 'lost' && shown !== '') underlay(ctx, shown, left, box, colors);
  ctx.fillText(shown, left, box.y + box.height / 2 + 4);
}

/** Text cannot be read on diagonal lines. */
function underlay(ctx: CanvasRenderingContext2D, text: string, left: number, box: Box, colors: Colors): void {
  const ink = ctx.fillStyle;
  ctx.fillStyle = colors.lostSoft;
  ctx.fillRect(left - 3, box.y + 1, ctx.measureText(text).width + 6, box.height - 2);
  ctx.fillStyle = ink;
}

function labelOf(bar: Bar, kind: RowKind, session: BarScene['session']): string {
  if (bar.sessions > 1) return `${bar.sessions} sessions`;
  const known = session(bar.sessionId);
  if (!known) return '';
  return kind === 'client' ? known.user.name : known.client.name;
}

const fits = new Map<string, string>();

/** The text, or its beginning with an ellipsis, as wide as there is room. */
export function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  const key = `${ctx.font}|${Math.floor(room / 4)}|${text}`;
  const known = fits.get(key);
  if (known !== undefined) return known;
  if (fits.size > 5_000) fits.clear();
  const shown = shorten(ctx, text, Math.floor(room / 4) * 4);
  fits.set(key, shown);
  return shown;
}

function shorten(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ctx.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low)}…`;
}
