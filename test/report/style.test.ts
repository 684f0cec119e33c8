import { describe, expect, it } from 'vitest';
import { style } from '../../src/report/style.ts';

type Color = readonly number[];

function colors(block: string): Record<string, Color> {
  const found = [...block.matchAll(/--(\w+): #([0-9a-f]{3,6})\b/g)].map(([, name, hex]) => {
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
    return [name, [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16))] as const;
  });
  return Object.fromEntries(found);
}

const light = colors(style.slice(style.indexOf(':root'), style.indexOf('@media')));
const darkOnly = style.slice(style.indexOf('@media screen and (prefers-color-scheme: dark)'));
const dark = { ...light, ...colors(darkOnly.slice(0, darkOnly.indexOf('* {'))) };

/** WCAG 2.2, relative luminance. */
function luminance(color: Color): number {
  const [r, g, b] = color.map((byte) =>
    byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Color, b: Color): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function over(top: Color, opacity: number, bottom: Color): Color {
  return top.map((value, at) => opacity * value + (1 - opacity) * bottom[at]);
}

describe.each(Object.entries({ light, dark }))(
  'in %s',
  (_, { paper, ink, soft, faint, heat, single, best, fusion, band }) => {
    it('text on paper and on tinted ground has a contrast of at least 4.5', () => {
      for (const ground of [paper, faint]) {
        expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(soft, ground)).toBeGreaterThanOrEqual(4.5);
      }
    });

    it('the figure in the strongest cell of a grid has a contrast of at least 4.5', () => {
      expect(contrast(ink, over(heat, 0.75, paper))).toBeGreaterThanOrEqual(4.5);
    });

    it('the marks of charts have a contrast of at least 3, also on the margin band', () => {
      for (const mark of [single, best, fusion]) {
        for (const ground of [paper, band]) expect(contrast(mark, ground)).toBeGreaterThanOrEqual(3);
      }
    });
  },
);
