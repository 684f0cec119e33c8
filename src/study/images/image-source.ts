import type { ImageSource } from '../model-file.ts';
import type { ImagesEntry } from '../schema.ts';

/** How the scans of a study are read, as a model fitted on them keeps it. */
export function imageSource({ column, series, part, grid, interpolation, frame }: ImagesEntry): ImageSource {
  return {
    ...(column !== undefined && { column }),
    ...(series !== undefined && { series }),
    ...(part !== undefined && { part }),
    resampled: grid !== undefined,
    ...(interpolation !== undefined && { interpolation }),
    ...(frame !== undefined && { frame }),
  };
}
