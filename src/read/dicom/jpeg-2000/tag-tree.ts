/** Tag trees (ISO 15444-1, B.10.2): numbers of a grid, told by the least of four, of sixteen, and so on. */

interface Level {
  readonly across: number;
  readonly values: Int32Array;
  readonly known: Uint8Array;
}

export class TagTree {
  private readonly levels: Level[] = []; // from the leaves to the root

  constructor(across: number, down: number) {
    for (let [w, h] = [across, down]; w * h > 0; [w, h] = [(w + 1) >> 1, (h + 1) >> 1]) {
      this.levels.push({ across: w, values: new Int32Array(w * h), known: new Uint8Array(w * h) });
      if (w * h === 1) break;
    }
  }

  /** Reads bits until it is known whether a leaf is below `limit`; then it is what is returned, else `limit` or more. */
  value(x: number, y: number, limit: number, bit: () => number): number {
    let least = 0;
    for (let l = this.levels.length - 1; l >= 0; l--) {
      const { across, values, known } = this.levels[l];
      const at = (y >> l) * across + (x >> l);
      values[at] = Math.max(values[at], least);
      while (!known[at] && values[at] < limit) {
        if (bit()) known[at] = 1;
        else values[at]++;
      }
      least = values[at];
    }
    return least;
  }
}
