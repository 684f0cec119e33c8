/** The networks of a fitted model as an ONNX file, with what a reader must know to feed them. */
import { cohort } from '../describe/cohort.ts';
import { exportProgram } from '../engine/compile/export-program.ts';
import { InputError } from '../errors.ts';
import type { JsonObject } from '../estimator.ts';
import { absentBlock } from './block-from.ts';
import type { ModelFile } from './model-file.ts';
import { openFusion } from './registry.ts';

export interface ExportedModel {
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** Also the `doc_string` of the file, as JSON. */
  readonly description: JsonObject;
}

/**
 * One graph for all networks: prepared values in, the input `present` saying which modalities a subject has, `opinion` out:
 * class probabilities, a risk or a value. Preparation (`description.inputs` names its columns), recalibration and conformal
 * sets are not in it; `networks.feeds` of the opened model gives what to feed of a cohort.
 *
 * @throws InputError where the model holds no network
 */
export async function exportModel({ description: model, saved }: ModelFile): Promise<ExportedModel> {
  const fitted = openFusion(saved);
  const { networks } = fitted;
  if (!networks) {
    throw new InputError({
      where: `model of ${model.strategy.name}`,
      what: 'holds no network',
      expected: 'one of intermediate fusion',
      got: saved.kind,
    });
  }
  const nobody = cohort(
    [],
    model.modalities.map(({ modality }) => absentBlock(modality, 0)),
  );
  const description = {
    consilience: model.consilience,
    study: model.study,
    strategy: model.strategy.name,
    target: model.target,
    present: fitted.modalities,
    inputs: await networks.inputs(nobody),
  } as unknown as JsonObject;
  const onnx = await exportProgram(networks.program(), { description: JSON.stringify(description) });
  return { onnx, description };
}
