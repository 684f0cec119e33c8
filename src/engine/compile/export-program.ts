/** A program as a file that stands for itself: opened again by `openProgram`, and by whatever runs ONNX. */
import { clearField, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { InputError } from '../../errors.ts';
import { withChecksum, withoutChecksum } from '../onnx/checksum.ts';
import { metadataEntries } from '../onnx/entries.ts';
import { checkMetadata } from '../onnx/metadata.ts';
import type { Program } from './compile.ts';

export interface ExportOptions {
  /** What it computes, for people: the `doc_string` of the ONNX model. Default: what it was, which after `compile` is none. */
  readonly description?: string;
}

/**
 * The ONNX file of a program, with a checksum. The same bytes for the same program. Parameters whose values `compile` was
 * given are in it; others are inputs that whoever runs it must feed.
 *
 * @throws InputError for a program that `compile` did not make, such as a training step
 */
export async function exportProgram(
  { onnx }: Program,
  { description }: ExportOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const model = withoutChecksum(onnx) ?? onnx;
  checkMetadata('exportProgram', metadataEntries(model));
  if (description === undefined) return withChecksum(model);
  if (typeof description !== 'string') {
    throw new InputError({ where: 'exportProgram', what: 'description', expected: 'a text', got: typeof description });
  }
  const described = fromBinary(ModelProtoSchema, model);
  if (description === '') clearField(described, ModelProtoSchema.field.docString);
  else described.docString = description;
  return withChecksum(toBinary(ModelProtoSchema, described));
}
