/** The ways to fuse two scans by networks of the same encoder of images. Each is fitted, then says the chance of class 1. */
import { intermediate } from 'consilience';
import { stacked } from './stack.mjs';

const options = { patches: 25, members: 1, weightDecay: 1, dropout: 0.1, epochs: 25, patience: 8 };

/** One image of two channels: whoever lacks the second scan has its training mean there. */
async function early({ x, target }, run) {
  const fitted = await intermediate(options).fit(stacked(x, 'both'), target, run);
  return (test) => chancesOf(fitted, stacked(test, 'both'));
}

/** A network for each scan, and the mean of what those say who are there. */
async function late({ x, target }, run) {
  const experts = [];
  for (const { modality } of x.blocks) {
    experts.push(await intermediate({ ...options, modalities: [modality.name] }).fit(x, target, run));
  }
  return async (test) => {
    const each = [];
    for (const expert of experts) each.push(await chancesOf(expert, test));
    return each[0].map((_, i) => {
      const there = each.filter((__, e) => test.blocks[e].present[i] === 1);
      return there.reduce((sum, chances) => sum + chances[i], 0) / there.length;
    });
  };
}

/** The scans as two modalities whose patches ask each other. */
async function crossAttention({ x, target }, run) {
  const fitted = await intermediate(options).fit(x, target, run);
  return (test) => chancesOf(fitted, test);
}

export const strategies = { early, 'late:mean': late, intermediate: crossAttention };

async function chancesOf(fitted, x) {
  const { probability } = await fitted.apply(x);
  return Float64Array.from(x.subjects, (_, i) => probability.data[2 * i + 1]);
}
