/** Images of one grid as the channels of one image, as early fusion of images takes them. */
import { cohort } from 'consilience';

/** Each subject's images side by side; who lacks one has a channel that was not measured. */
export function stacked(x, name) {
  const [{ modality }] = x.blocks;
  const grid = JSON.stringify([modality.image.shape, modality.image.affine]);
  if (x.blocks.some(({ modality: { image } }) => JSON.stringify([image.shape, image.affine]) !== grid)) {
    throw new Error('stacked: images on several grids');
  }
  const [subjects, voxels] = x.blocks[0].values.shape;
  const channels = x.blocks.length;
  const data = new Float32Array(subjects * channels * voxels); // [subjects, channels, voxels]
  const observed = new Uint8Array(data.length);
  const present = new Uint8Array(subjects);
  x.blocks.forEach((block, c) => {
    for (let i = 0; i < subjects; i++) {
      const to = (i * channels + c) * voxels;
      data.set(block.values.data.subarray(i * voxels, (i + 1) * voxels), to);
      observed.set(block.observed.subarray(i * voxels, (i + 1) * voxels), to);
      present[i] |= block.present[i];
    }
  });
  const features = x.blocks.flatMap(({ modality: own }) =>
    own.features.map((feature) => ({ ...feature, name: `${own.name} ${feature.name}` })),
  );
  const values = { shape: [subjects, channels * voxels], data };
  const both = { ...modality, name, features, image: { ...modality.image, channels } };
  return cohort(x.subjects, [{ modality: both, values, observed, present }]);
}
