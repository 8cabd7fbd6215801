import { type Colors, hatch, readColors } from '../draw/colors.js';
import { type Scene, paint } from '../draw/scene.js';

/** What is painted, without what the painter knows. */
export type Picture = Omit<Scene, 'colors' | 'lostPattern'>;

interface Target {
  readonly canvas: HTMLCanvasElement;
  /** An element whose style has the colours. */
  readonly probe: HTMLElement;
}

/** Paints a canvas, at most once in a frame of the browser. */
export class Painter {
  private context: CanvasRenderingContext2D | null = null;
  private colors: Colors | undefined;
  private lostPattern: CanvasPattern | undefined;
  private frame = 0;
  private hasPainted = false;

  constructor(
    private readonly target: () => Target | undefined,
    private readonly picture: () => Picture,
  ) {}

  schedule(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Reads the colours of the page again, now and when those of the system change. @returns what ends it */
  followColors(): () => void {
    const read = () => {
      [this.colors, this.lostPattern] = [undefined, undefined];
      this.schedule();
    };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    // The attribute of the document changes after this.
    const timer = setTimeout(read);
    dark.addEventListener('change', read);
    return () => {
      clearTimeout(timer);
      dark.removeEventListener('change', read);
    };
  }

  close(): void {
    cancelAnimationFrame(this.frame);
  }

  private draw(): void {
    this.frame = 0;
    const target = this.target();
    if (!target) return;
    const { canvas, probe } = target;
    const picture = this.picture();
    const scale = devicePixelRatio || 1;
    const [w, h] = [Math.round(picture.layout.width * scale), Math.round(picture.layout.height * scale)];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    this.context ??= canvas.getContext('2d', { alpha: false });
    if (!this.context) return;
    this.colors ??= readColors(probe);
    this.lostPattern ??= hatch(this.context, this.colors.lost, this.colors.lostSoft);
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    paint(this.context, { ...picture, colors: this.colors, lostPattern: this.lostPattern });
    if (picture.data && !this.hasPainted) performance.mark('timeline-painted');
    this.hasPainted ||= picture.data !== undefined;
  }
}
