/** Matrix products, convolutions and pools. Images are `[batch, channels, ...spatial]`, kernels `[out, in / groups, ...]`. */
import { broadcastShape, formatShape, sameShape } from '../dim.ts';
import type { Convolution, Op, Pool, Window } from '../op.ts';
import type { Typed } from '../typed.ts';
import { checkDType, refuse, type ShapeRule, shapes } from './rule.ts';

/** How many windows of a kernel fit along an axis. */
export function windows(length: number, kernel: number, stride: number, low: number, high: number): number {
  return Math.floor((length + low + high - kernel) / stride) + 1;
}

function spatial(where: Op, x: Typed): readonly number[] {
  const lengths = x.shape.slice(2);
  if (lengths.length === 0) refuse(where, `${formatShape(x.shape)}`, '[batch, channels, ...spatial axes]');
  return lengths.map((dim) =>
    typeof dim === 'number' ? dim : refuse(where, `a spatial axis of ${formatShape(x.shape)} is the batch`),
  );
}

/** Whole numbers, one a spatial axis: a runtime takes others in silence, or reads beyond the image. */
function checkWindow(where: Op, x: Typed, { strides, low, high }: Window): void {
  const lengths = spatial(where, x);
  if ([strides, low, high].some((list) => list.length !== lengths.length)) {
    refuse(where, `${lengths.length} spatial axes in ${formatShape(x.shape)}`, 'as many strides and paddings');
  }
  checkWhole(where, 'stride', strides, 1);
  checkWhole(where, 'padding', [...low, ...high], 0);
}

function checkWhole(where: Op, what: string, list: readonly number[], least: 0 | 1): void {
  const wrong = list.find((n) => !(Number.isInteger(n) && n >= least));
  if (wrong === undefined) return;
  refuse(where, what, least === 1 ? 'a positive whole number' : 'a whole number from 0 on', `${wrong}`);
}

function slid(where: Op, x: Typed, kernel: readonly number[], window: Window): number[] {
  checkWindow(where, x, window);
  const { strides, low, high } = window;
  return spatial(where, x).map((length, at) => {
    const fitting = windows(length, kernel[at], strides[at], low[at], high[at]);
    if (fitting >= 1) return fitting;
    return refuse(
      where,
      `kernel ${kernel[at]} is longer than the padded spatial axis ${at} of ${formatShape(x.shape)}`,
    );
  });
}

function checkKernel(where: Op, x: Typed, w: Typed, groups: number, channels: unknown, filters: unknown): number[] {
  checkDType(where, x, 'float32');
  checkDType(where, w, 'float32');
  const kernel = w.shape.slice(2);
  if (w.shape.length !== x.shape.length || !kernel.every((dim) => typeof dim === 'number')) {
    refuse(where, `${shapes([x, w], ' * ')}, ranks differ`);
  }
  if (x.shape[1] !== channels) refuse(where, `${shapes([x, w], ' * ')}, channels (axis 1) differ`, `${channels}`);
  if (!(Number.isInteger(groups) && groups >= 1 && Number(channels) % groups === 0 && Number(filters) % groups === 0)) {
    refuse(where, `${shapes([x, w], ' * ')}, groups ${groups} do not divide the channels`);
  }
  return kernel;
}

function checkBias(bias: Typed, w: Typed): void {
  checkDType('conv', bias, 'float32');
  if (bias.shape.length === 1 && bias.shape[0] === w.shape[0]) return;
  refuse('conv', `bias ${formatShape(bias.shape)}`, formatShape(w.shape.slice(0, 1)));
}

function pooled(where: Op) {
  return ([x]: readonly Typed[], pool: Pool): Typed => {
    checkDType(where, x, 'float32');
    if (pool.kernel.length !== x.shape.length - 2) refuse(where, `kernel [${pool.kernel}] on ${formatShape(x.shape)}`);
    checkWhole(where, 'kernel', pool.kernel, 1);
    const at = pool.kernel.findIndex((length, axis) => pool.low[axis] >= length || pool.high[axis] >= length);
    if (at >= 0) refuse(where, `padding of spatial axis ${at}`, `less than the kernel ${pool.kernel[at]}`);
    return { shape: [...x.shape.slice(0, 2), ...slid(where, x, pool.kernel, pool)], dtype: 'float32' };
  };
}

const maxPool = pooled('maxPool');

export const contractionShapes = {
  matMul([a, b]) {
    checkDType('matMul', a, 'float32');
    checkDType('matMul', b, 'float32');
    const told = shapes([a, b], ' @ ');
    if (a.shape.length < 2 || b.shape.length < 2) refuse('matMul', told, 'at least 2 axes each');
    if (a.shape.at(-1) !== b.shape.at(-2)) refuse('matMul', `${told}, inner axes differ`);
    const lead = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    if (!lead) refuse('matMul', `${told}, leading axes do not broadcast`);
    return { shape: [...lead, a.shape.at(-2)!, b.shape.at(-1)!], dtype: 'float32' };
  },
  conv([x, w, bias], options: Convolution) {
    if (bias) checkBias(bias, w);
    const channels = Number(w.shape[1]) * options.groups;
    const kernel = checkKernel('conv', x, w, options.groups, channels, w.shape[0]);
    return { shape: [x.shape[0], w.shape[0], ...slid('conv', x, kernel, options)], dtype: 'float32' };
  },
  convTranspose([x, w], options) {
    const filters = Number(w.shape[1]) * options.groups;
    const kernel = checkKernel('convTranspose', x, w, options.groups, w.shape[0], filters);
    const { size, strides, low, high } = options;
    checkWindow('convTranspose', x, options);
    if (size.length !== kernel.length) refuse('convTranspose', `size [${size}]`, `${kernel.length} lengths`);
    checkWhole('convTranspose', 'size', size, 1);
    for (const [at, length] of spatial('convTranspose', x).entries()) {
      if (windows(size[at], kernel[at], strides[at], low[at], high[at]) !== length) {
        refuse('convTranspose', `size ${size[at]} of spatial axis ${at}`, `one whose convolution has length ${length}`);
      }
    }
    return { shape: [x.shape[0], filters, ...size], dtype: 'float32' };
  },
  maxPool,
  maxPoolIndices: (inputs, pool) => ({ ...maxPool(inputs, pool), dtype: 'int64' }),
  maxUnpool([values, indices], { size, ...pool }) {
    checkDType('maxUnpool', values, 'float32');
    checkDType('maxUnpool', indices, 'int64');
    const shape = [...values.shape.slice(0, 2), ...size];
    const pooled = maxPool([{ shape, dtype: 'float32' }], pool).shape;
    if (![values, indices].every((one) => sameShape(one.shape, pooled))) {
      refuse('maxUnpool', shapes([values, indices]), `both ${formatShape(pooled)}`);
    }
    return { shape, dtype: 'float32' };
  },
  averagePool: pooled('averagePool'),
} satisfies { readonly [K in Op]?: ShapeRule<K> };
