/** Pictures of bytes, as `writePng` takes them. */

/** Grey or colour, row by row from the top left. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array; // [height, width, channels]
}

/** Of one grey; the default is black. */
export function blankPicture(width: number, height: number, channels: 1 | 3, grey = 0): Picture {
  return { width, height, channels, data: new Uint8Array(width * height * channels).fill(grey) };
}

/** Puts a picture into another of as many channels; it lies within. */
export function paste(onto: Picture, part: Picture, left: number, top: number): void {
  const { channels } = onto;
  const wide = part.width * channels;
  for (let y = 0; y < part.height; y++) {
    onto.data.set(part.data.subarray(y * wide, (y + 1) * wide), ((top + y) * onto.width + left) * channels);
  }
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Fills a rectangle with a colour; what of it lies outside is left out. */
export function fillBox(
  { width, height, channels, data }: Picture,
  [left, top, wide, high]: readonly [left: number, top: number, wide: number, high: number],
  colour: Colour,
): void {
  for (let y = Math.max(0, top); y < Math.min(height, top + high); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + wide); x++) {
      for (let c = 0; c < channels; c++) data[(y * width + x) * channels + c] = colour[c];
    }
  }
}
