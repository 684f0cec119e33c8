/** Letters and digits of 5 x 7 dots, drawn for this picture module. */
import { fillBox, type Picture } from './picture.ts';

/** Seven rows of five dots each, from the top; a row is a number of five bits, the left dot first. */
const glyphs: { readonly [letter: string]: readonly number[] } = {
  A: [14, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  L: [16, 16, 16, 16, 16, 16, 31],
  P: [30, 17, 17, 30, 16, 16, 16],
  R: [30, 17, 17, 30, 20, 18, 17],
  S: [15, 16, 16, 14, 1, 1, 30],
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 2, 4, 8, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  '-': [0, 0, 0, 31, 0, 0, 0],
  '+': [0, 4, 4, 31, 4, 4, 0],
  '.': [0, 0, 0, 0, 0, 12, 12],
  e: [0, 0, 14, 17, 31, 16, 14],
};

export const letterHeight = 7;

/** Of a text in pixels, with a dot between letters. */
export function textWidth(text: string, dot = 1): number {
  return text.length > 0 ? (6 * text.length - 1) * dot : 0;
}

/**
 * Writes in white, with a dark seam that keeps it legible on a bright image. Characters other than R, L, A, P, S, I and those
 * of numbers are left blank.
 *
 * @param dot pixels of a dot's side
 */
export function writeText(
  onto: Picture,
  text: string,
  left: number,
  top: number,
  { dot = 1, seam = true, grey = 255 }: { readonly dot?: number; readonly seam?: boolean; readonly grey?: number } = {},
): void {
  for (const [grow, tone] of seam
    ? ([
        [1, 0],
        [0, grey],
      ] as const)
    : ([[0, grey]] as const)) {
    for (const [at, letter] of [...text].entries()) {
      for (const [row, bits] of (glyphs[letter] ?? []).entries()) {
        for (let column = 0; column < 5; column++) {
          if (!((bits >> (4 - column)) & 1)) continue;
          const [x, y] = [left + (6 * at + column) * dot, top + row * dot];
          fillBox(onto, [x - grow, y - grow, dot + 2 * grow, dot + 2 * grow], [tone, tone, tone]);
        }
      }
    }
  }
}
