/** The networks of a fitted model as an ONNX file, with what a reader must know to feed them. */
import { cohort } from '../describe/cohort.ts';
import { exportProgram } from '../engine/compile/export-program.ts';
import { InputError } from '../errors.ts';
import type { NetworkInput } from '../fuse/prediction.ts';
import { absentBlock } from './block-from.ts';
import type { ModelDescription, ModelFile } from './model-file.ts';
import { openFusion } from './registry.ts';

export interface ExportedModel {
  readonly onnx: Uint8Array<ArrayBuffer>;
  readonly description: ExportDescription;
}

/** What a reader of the file must know; as JSON its `doc_string`. */
export interface ExportDescription extends Pick<ModelDescription, 'consilience' | 'study' | 'target'> {
  readonly strategy: string;
  /** The modalities that `present` tells of, in order. */
  readonly present: readonly string[];
  readonly inputs: { readonly [name: string]: NetworkInput };
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
      what: saved.kind === 'blend' ? 'a blend is more than its networks' : 'holds no network',
      expected: 'one of intermediate fusion',
      got: saved.kind,
    });
  }
  const nobody = cohort(
    [],
    model.modalities.map(({ modality }) => absentBlock(modality, 0)),
    [], // no site of nobody, for steps that ask for them
  );
  const description: ExportDescription = {
    consilience: model.consilience,
    study: model.study,
    strategy: model.strategy.name,
    target: model.target,
    present: fitted.modalities,
    inputs: await networks.inputs(nobody),
  };
  const onnx = await exportProgram(networks.program(), { description: JSON.stringify(description) });
  return { onnx, description };
}
