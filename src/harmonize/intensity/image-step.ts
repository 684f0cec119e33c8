/** Intensity harmonizers as steps of a preparation: each subject of an image's block is a scan. */
import { emptyLike } from '../../array/matrix.ts';
import type { Block } from '../../describe/cohort.ts';
import type { Feature } from '../../describe/modality.ts';
import { InputError } from '../../errors.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import { rescaled } from '../counts.ts';
import type { FittedHarmonizer, Harmonizer, Learned } from '../harmonizer.ts';
import { imageOf } from '../standardize-image.ts';
import { mapIntensities } from './intensity-map.ts';
import type { Channel } from './scan.ts';
import {
  type Channelwise,
  type IntensityKind,
  type MaskOption,
  openChannels,
  saveChannels,
} from './scan-harmonizer.ts';
import { voxelsThatCount } from './voxels.ts';

/**
 * The same harmonizer over blocks of images. Learns from the training subjects who have the image; voxels that were not
 * measured never count and are carried along.
 *
 * @throws InputError of a block without `image`, of another number of channels, and of a subject none of whose voxels count
 */
export function imageStep<Options extends MaskOption, State extends Learned>(
  kind: IntensityKind<Options, State>,
): { (options?: Options): Harmonizer; readonly open: (saved: Saved) => FittedHarmonizer } {
  const fitted = (state: Channelwise<State>): FittedHarmonizer => ({
    apply: async (block) => harmonized(block, kind, state),
    save: () => saveChannels(kind, state),
  });
  const build = (options: Options = {} as Options): Harmonizer => ({
    spec: { kind: kind.kind, version: kind.version, options: options as unknown as JsonObject },
    async fit(block) {
      const { channels } = imageOf(block, kind.kind);
      if (!block.present.includes(1)) {
        throw new InputError({ where: `${kind.kind}: ${block.modality.name}`, what: 'no training subject has it' });
      }
      const mask = options.mask ?? kind.mask;
      const taught = (c: number) =>
        (function* () {
          for (const row of presentRows(block)) yield voxelsThatCount(channelOf(block, row, c, kind.kind), mask);
        })();
      return fitted({ mask, channels: Array.from({ length: channels }, (_, c) => kind.learn(taught(c), options)) });
    },
  });
  return Object.assign(build, { open: (saved: Saved) => fitted(openChannels(kind, saved)) });
}

function harmonized<State extends Learned>(
  block: Block,
  kind: IntensityKind<never, State>,
  { mask, channels }: Channelwise<State>,
): Block {
  const layout = imageOf(block, kind.kind);
  if (layout.channels !== channels.length) {
    const [expected, got] = [`${channels.length} channels`, `${layout.channels}`];
    throw new InputError({ where: `${kind.kind}: ${block.modality.name}`, what: 'another image', expected, got });
  }
  const { modality, values } = block;
  const data = emptyLike(values.data, values.data.length); // [subjects, channels, voxels]
  data.set(values.data);
  const size = values.shape[1] / layout.channels;
  for (const row of presentRows(block)) {
    channels.forEach((state, c) => {
      const channel = channelOf(block, row, c, kind.kind);
      const map = kind.mapOf(voxelsThatCount(channel, mask), state);
      data.set(mapIntensities(channel.values, map), row * values.shape[1] + c * size);
    });
  }
  const { makes } = kind;
  const feature = (of: Feature) =>
    makes === 'same' ? of : rescaled(of, makes === 'ratio' && of.scale !== 'interval' ? 'ratio' : 'interval');
  return {
    ...block,
    modality: { ...modality, features: modality.features.map(feature) },
    values: { shape: values.shape, data },
  };
}

function presentRows({ present }: Block): number[] {
  return [...present.keys()].filter((row) => present[row] === 1);
}

function channelOf(block: Block, row: number, c: number, step: string): Channel {
  const { modality, values, observed, present } = block;
  const { channels, shape } = imageOf(block, step);
  const size = values.shape[1] / channels;
  const from = row * values.shape[1] + c * size;
  const subject = `${step}: ${modality.name}: subject ${row + 1} of ${present.length}`;
  return {
    values: values.data.subarray(from, from + size),
    observed: observed.subarray(from, from + size),
    shape,
    where: channels > 1 ? `${subject}, channel ${c}` : subject,
  };
}
