/** Files broken at random: bits flipped, cut, bytes put in or repeated, fields of headers changed, in text and in numbers. */
import type { Random } from '../../src/array/random.ts';

export function mutated(file: Uint8Array, random: Random): Uint8Array {
  let out: Uint8Array = file.slice();
  const many = 1 + random.integer(3);
  for (let i = 0; i < many && out.length > 0; i++) out = ways[random.integer(ways.length)](out, random);
  return out;
}

type Way = (file: Uint8Array, random: Random) => Uint8Array;

const flipped: Way = (file, random) => {
  for (let i = random.integer(8); i >= 0; i--) file[random.integer(file.length)] ^= 1 << random.integer(8);
  return file;
};

/** In the first bytes, where headers are. */
const flippedEarly: Way = (file, random) => {
  const end = Math.min(file.length, 400);
  for (let i = random.integer(4); i >= 0; i--) file[random.integer(end)] = random.integer(256);
  return file;
};

const cut: Way = (file, random) => file.slice(0, random.integer(file.length));

const inserted: Way = (file, random) => {
  const at = random.integer(file.length);
  const more = Uint8Array.from({ length: 1 + random.integer(40) }, () => random.integer(256));
  const out = new Uint8Array(file.length + more.length);
  out.set(file.subarray(0, at));
  out.set(more, at);
  out.set(file.subarray(at), at + more.length);
  return out;
};

const removed: Way = (file, random) => {
  const at = random.integer(file.length);
  const end = Math.min(file.length, at + 1 + random.integer(40));
  const out = new Uint8Array(file.length - (end - at));
  out.set(file.subarray(0, at));
  out.set(file.subarray(end), at);
  return out;
};

/** A number of a header: extremes, in either byte order. */
const numbered: Way = (file, random) => {
  const at = random.integer(Math.min(file.length, 600));
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const value = [0, 1, -1, 2, 255, 32767, -32768, 65535, 2 ** 31 - 1, -(2 ** 31), 1000, 1e6][random.integer(12)];
  if (at + 4 > file.length) return file;
  if (random.integer(2)) view.setInt16(at, value, random.integer(2) === 1);
  else if (random.integer(4)) view.setInt32(at, value, random.integer(2) === 1);
  else view.setFloat32(at, [Number.NaN, 1e38, -1, 0, 1e-40][random.integer(5)], true);
  return file;
};

/** A digit of a text header. */
const digits: Way = (file, random) => {
  const end = Math.min(file.length, 600);
  const places: number[] = [];
  for (let i = 0; i < end; i++) if (file[i] >= 0x30 && file[i] <= 0x39) places.push(i);
  for (let i = random.integer(3); i >= 0 && places.length > 0; i--) {
    file[places[random.integer(places.length)]] = '0123456789-. e'.charCodeAt(random.integer(14));
  }
  return file;
};

const ways: readonly Way[] = [flipped, flippedEarly, flippedEarly, cut, inserted, removed, numbered, numbered, digits];
