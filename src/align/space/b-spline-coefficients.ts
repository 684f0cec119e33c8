/**
 * The coefficients of the cubic B-spline that passes through the voxels: one recursive filter forth and one back along each axis
 * (Unser, Aldroubi and Eden 1993, part II, equations 2.5 and 2.6), continued by reflection about the outermost centres (SciPy's
 * mode `mirror`).
 */
const pole = Math.sqrt(3) - 2;

/** @returns `[depth, height, width]` */
export function bSplineCoefficients(
  data: ArrayLike<number>,
  depth: number,
  height: number,
  width: number,
): Float64Array {
  const out = Float64Array.from(data);
  const lines: readonly (readonly [length: number, stride: number])[] = [
    [width, 1],
    [height, width],
    [depth, height * width],
  ];
  for (const [length, stride] of lines) {
    if (length < 2) continue;
    const block = length * stride;
    for (let start = 0; start < out.length; start += block) {
      for (let line = 0; line < stride; line++) filterLine(out, start + line, stride, length);
    }
  }
  return out;
}

function filterLine(c: Float64Array, start: number, stride: number, n: number): void {
  // The sum of the reflected past, until what is left of it vanishes in rounding.
  const horizon = Math.min(n, Math.ceil(Math.log(1e-16) / Math.log(Math.abs(pole))));
  let first = c[start];
  let power = pole;
  if (horizon < n) {
    for (let at = 1; at < horizon; at++, power *= pole) first += power * c[start + at * stride];
  } else {
    const last = pole ** (n - 1);
    first += last * c[start + (n - 1) * stride];
    let mirrored = last * last;
    for (let at = 1; at < n - 1; at++, power *= pole) {
      mirrored /= pole;
      first += (power + mirrored) * c[start + at * stride];
    }
    first /= 1 - last * last;
  }
  const gain = 6;
  let before = gain * first;
  c[start] = before;
  for (let at = 1; at < n; at++) {
    before = gain * c[start + at * stride] + pole * before;
    c[start + at * stride] = before;
  }
  const end = start + (n - 1) * stride;
  let after = (pole / (pole * pole - 1)) * (c[end] + pole * c[end - stride]);
  c[end] = after;
  for (let at = n - 2; at >= 0; at--) {
    after = pole * (after - c[start + at * stride]);
    c[start + at * stride] = after;
  }
}
