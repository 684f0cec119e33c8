/** The MNI template of the shared data as a head. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readImageFile } from '../../src/read/image-file.node.ts';
import type { Head } from './heads.ts';

/** From `data/mni152-tissue` of CONSILIENCE_SHARED, default ../shared; undefined where it is absent. */
export async function sharedTemplate(): Promise<Head | undefined> {
  const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/mni152-tissue');
  const path = (tissue: string) => join(folder, `mni_icbm152_${tissue}_tal_nlin_sym_09a_converted.nii.gz`);
  if (!existsSync(path('t1'))) return undefined;
  const [t1, grey, white] = await Promise.all(['t1', 'gm', 'wm'].map((tissue) => readImageFile(path(tissue))));
  const share = (data: ArrayLike<number>) => Float32Array.from(data, (value) => value / 255);
  return {
    shape: t1.shape,
    affine: t1.affine,
    t1: Float32Array.from(t1.data),
    grey: share(grey.data),
    white: share(white.data),
  };
}
