/**
 * The checksum of an exported program: the last entry of `metadata_props`, 76 bytes at the end of the file, holds the
 * SHA-256 of all bytes before it (`head -c -76 model.onnx | sha256sum`). To whoever reads ONNX it is an entry like others.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf';
import { sha256 } from '../../array/sha256.ts';
import { checksumKey } from './metadata.ts';

/** The entry alone is a model with nothing else in it: in protobuf, messages written one after the other are merged. */
function entry(checksum: string): Uint8Array {
  const metadataProps = [create(StringStringEntryProtoSchema, { key: checksumKey, value: checksum })];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { metadataProps }));
}

const digits = 64;
const blank = entry('0'.repeat(digits));
const head = blank.subarray(0, -digits); // what stands before the digits

export async function withChecksum(model: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(model.length + blank.length);
  out.set(model);
  out.set(entry(await sha256(model)), model.length);
  return out;
}

/** The bytes before the checksum, or undefined where there is none. */
export function withoutChecksum(bytes: Uint8Array): Uint8Array | undefined {
  const at = bytes.length - blank.length;
  return at >= 0 && head.every((byte, i) => bytes[at + i] === byte) ? bytes.subarray(0, at) : undefined;
}

/** Whether bytes that have a checksum are those that it was made of. */
export async function isWhole(bytes: Uint8Array): Promise<boolean> {
  const model = withoutChecksum(bytes);
  if (!model) return false;
  const said = bytes.subarray(bytes.length - digits);
  const made = new TextEncoder().encode(await sha256(model));
  return made.every((byte, i) => byte === said[i]);
}
