const NAMES = {
  ...{ surface: '--surface', sunken: '--sunken', bg: '--bg', text: '--text', muted: '--muted', line: '--line' },
  ...{ lineStrong: '--line-strong', accent: '--accent', accentSoft: '--accent-soft', ink: '--accent-ink' },
  ...{ ended: '--ended', live: '--live', lost: '--lost', lostSoft: '--lost-soft', bad: '--bad' },
} as const;

export type Colors = Readonly<Record<keyof typeof NAMES, string>>;

/** The colours of the style sheet for a canvas. @param probe an element of the document whose `color` may be changed */
export function readColors(probe: HTMLElement): Colors {
  const read = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, read(name)])) as Colors;
  probe.style.color = '';
  return colors;
}

/** Diagonal lines: what looks like this is estimated. */
export function hatch(ctx: CanvasRenderingContext2D, line: string, ground: string): CanvasPattern {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const pen = tile.getContext('2d')!;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = line;
  pen.lineWidth = 2;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift - 2, 10);
    pen.lineTo(shift + 10, -2);
    pen.stroke();
  }
  return ctx.createPattern(tile, 'repeat')!;
}
