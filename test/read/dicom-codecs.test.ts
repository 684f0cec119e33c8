/** Packed pixels as other programs write them, against the numbers those read (scripts/fixtures/dicom_codecs.py). */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readDicom } from '../../src/read/dicom/dicom.ts';
import { bytesOf, codecFile, codecStreams, type PackedStream } from './dicom-codecs.ts';

const read = (packed: PackedStream, stream?: Uint8Array) =>
  readDicom(codecFile(packed, stream === undefined ? {} : { stream }), { name: 'a.dcm' });

describe('packed pixels of another program', () => {
  test.each(codecStreams())('$name come as that program reads them', async (packed) => {
    const image = await read(packed);
    const { samples, rows, columns, signed, bits, tolerance = 0 } = packed;
    expect([image.channels, ...image.shape]).toEqual([samples, 1, rows, columns]);
    expect(image.stored.type).toBe(`${signed ? 'int' : 'uint'}${bits > 8 ? 16 : 8}`);
    const raw = bytesOf(packed.values);
    const values = signed ? new Int16Array(raw.buffer) : new Uint16Array(raw.buffer);
    let most = 0;
    for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] - image.data[i]));
    expect(image.data).toHaveLength(values.length);
    expect(most).toBeLessThanOrEqual(tolerance);
  });

  test('of several frames are unpacked frame by frame', async () => {
    const [packed] = codecStreams();
    const one = await read(packed);
    const two = await readDicom(codecFile(packed, { frames: 2 }), { name: 'a.dcm' });
    expect(two.frames).toBe(2);
    expect(two.data.subarray(0, one.data.length)).toEqual(one.data);
    expect(two.data.subarray(one.data.length)).toEqual(one.data);
  });

  test('of JPEG 2000 may be wrapped in the boxes of its file format', async () => {
    const [packed] = codecStreams();
    const stream = bytesOf(packed.stream);
    const box = (kind: string, ...content: number[]) => [0, 0, 0, 8 + content.length, ...Buffer.from(kind), ...content];
    const last = [0, 0, 0, 0, ...Buffer.from('jp2c')]; // to the end
    const boxed = Uint8Array.of(...box('jP  ', 13, 10, 135, 10), ...box('ftyp', 1, 2, 3, 4), ...last, ...stream);
    expect((await read(packed, boxed)).data).toEqual((await read(packed)).data);
    const endless = Uint8Array.of(...box('jP  ', 13, 10, 135, 10), 0, 0, 0, 1, ...Buffer.from('free'), ...stream);
    await expect(read(packed, endless)).rejects.toBeInstanceOf(InputError);
  });

  test('of JPEG 2000 are refused where a few bytes claim an image of many', async () => {
    const [packed] = codecStreams();
    const stream = bytesOf(packed.stream);
    const sizes = new DataView(stream.buffer);
    for (const at of [8, 24]) {
      sizes.setUint32(at, 8192); // the image and its tile: width, height
      sizes.setUint32(at + 4, 8192);
    }
    const large = { ...packed, rows: 8192, columns: 8192 };
    await expect(read(large, stream)).rejects.toThrow(`got ${stream.length} bytes for 8192 x 8192 pixels`);
  });

  test.each(codecStreams())('$name are refused where they are cut to half, or of another size', async (packed) => {
    const stream = bytesOf(packed.stream);
    await expect(read(packed, stream.subarray(0, stream.length >> 1))).rejects.toBeInstanceOf(InputError);
    await expect(read({ ...packed, rows: packed.rows + 1 })).rejects.toThrow(
      'a.dcm: its packed image has another size than its header says',
    );
  });

  test('of another kind than the transfer syntax are refused', async () => {
    const [packed] = codecStreams();
    await expect(read({ ...packed, syntax: '.4.50' })).rejects.toBeInstanceOf(InputError);
    const lossless = codecStreams().find(({ syntax }) => syntax === '.4.70') as PackedStream;
    await expect(read({ ...lossless, syntax: '.4.80' })).rejects.toThrow(
      'its pixels are packed otherwise than its transfer syntax says',
    );
  });
});
