/**
 * The entries of metadata in an ONNX file, found without decoding its graph: takes time and memory by the size of the file,
 * never by what the file claims.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { StringStringEntryProtoSchema } from 'onnx-buf';

// Fields of ModelProto, and how they are written.
const version = { field: 1, wire: WireType.Varint };
const graph = { field: 7, wire: WireType.LengthDelimited };
const metadata = { field: 14, wire: WireType.LengthDelimited };

const most = 1000; // entries

/** @throws where the bytes are no ONNX file, or end too early */
export function metadataEntries(bytes: Uint8Array): (readonly [key: string, value: string])[] {
  const reader = new BinaryReader(bytes);
  const entries: (readonly [string, string])[] = [];
  const seen = new Set<number>();
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const expected = [version, graph, metadata].find((one) => one.field === field)?.wire ?? wire;
    if (wire !== expected) throw new Error(`field ${field} written as type ${wire}`);
    seen.add(field);
    if (field !== metadata.field) {
      reader.skip(wire, field);
      continue;
    }
    if (entries.length === most) throw new Error(`more than ${most} entries of metadata`);
    const { key, value } = fromBinary(StringStringEntryProtoSchema, reader.bytes());
    entries.push([key, value]);
  }
  for (const { field } of [version, graph]) if (!seen.has(field)) throw new Error(`no field ${field}`);
  return entries;
}
