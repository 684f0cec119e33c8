/** Packets (ISO 15444-1, B.9 to B.12): which code blocks get how many bytes, in one of five orders. */
import { brokenJ2k } from './markers.ts';
import type { CodeBlock, Tile } from './tiles.ts';

interface PacketPlace {
  readonly layer: number;
  readonly component: number;
  readonly resolution: number;
  readonly precinct: number;
}

/** Gives the bytes of a tile to its code blocks. */
export function readPackets(tile: Tile, bytes: Uint8Array, where: string): void {
  const bits = new PacketBits(bytes, where);
  for (const place of packetsOf(tile)) readPacket(tile, place, bits, where);
}

interface Place extends PacketPlace {
  readonly x: number;
  readonly y: number;
}

/** All packets in their order. */
function packetsOf({ components, parameters }: Tile): PacketPlace[] {
  const places: Place[] = [];
  for (const [component, { resolutions }] of components.entries()) {
    for (const [resolution, { precincts }] of resolutions.entries()) {
      for (const [precinct, { x, y }] of precincts.entries()) {
        for (let layer = 0; layer < parameters.layers; layer++) {
          places.push({ layer, component, resolution, precinct, x, y });
        }
      }
    }
  }
  const keys = orders[parameters.progression];
  return places.sort((a, b) => {
    for (const key of keys) if (a[key] !== b[key]) return a[key] - b[key];
    return 0;
  });
}

/** Slowest first. */
const orders: readonly (readonly (keyof Place)[])[] = [
  ['layer', 'resolution', 'component', 'precinct'],
  ['resolution', 'layer', 'component', 'precinct'],
  ['resolution', 'y', 'x', 'component', 'precinct', 'layer'],
  ['y', 'x', 'component', 'resolution', 'precinct', 'layer'],
  ['component', 'y', 'x', 'resolution', 'precinct', 'layer'],
];

function readPacket(tile: Tile, place: PacketPlace, bits: PacketBits, where: string): void {
  const { bands } = tile.components[place.component].resolutions[place.resolution];
  bits.skipMarker(0x91, 6);
  const given: [CodeBlock, number][] = [];
  if (bits.bit()) {
    for (const band of bands) {
      const group = band.groups[place.precinct];
      for (const [i, block] of group.blocks.entries()) {
        const [x, y] = [i % group.across, Math.floor(i / group.across)];
        if (block.included) {
          if (!bits.bit()) continue;
        } else {
          if (group.inclusion.value(x, y, place.layer + 1, bits.bit) > place.layer) continue;
          block.included = true;
          // As many as there are planes at most; one more is a fault, and an end.
          block.zeroPlanes = group.zeroPlanes.value(x, y, band.bitPlanes + 1, bits.bit);
          if (block.zeroPlanes > band.bitPlanes) throw brokenJ2k(where, 'more bit planes than there are');
        }
        const passes = passesOf(bits);
        while (bits.bit()) block.lengthBits++;
        const many = block.lengthBits + Math.floor(Math.log2(passes));
        if (many > 31) throw brokenJ2k(where, 'a code block of more bytes than can be');
        block.passes += passes;
        given.push([block, bits.bits(many)]);
      }
    }
  }
  bits.align();
  bits.skipMarker(0x92, 2);
  for (const [block, length] of given) block.data.push(bits.take(length));
}

/** Table B.4. */
function passesOf(bits: PacketBits): number {
  if (!bits.bit()) return 1;
  if (!bits.bit()) return 2;
  const two = bits.bits(2);
  if (two < 3) return 3 + two;
  const five = bits.bits(5);
  if (five < 31) return 6 + five;
  return 37 + bits.bits(7);
}

/** After a byte of ones the next has seven bits. */
class PacketBits {
  private readonly bytes: Uint8Array;
  private readonly where: string;
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes;
    this.where = where;
  }

  readonly bit = (): number => {
    if (this.count === 0) {
      if (this.at >= this.bytes.length) throw brokenJ2k(this.where, 'one that ends inside a tile');
      this.count = this.held === 0xff ? 7 : 8;
      this.held = this.bytes[this.at++];
    }
    return (this.held >> --this.count) & 1;
  };

  bits(many: number): number {
    let value = 0;
    for (let i = 0; i < many; i++) value = value * 2 + this.bit();
    return value;
  }

  align(): void {
    if (this.held === 0xff) this.at++;
    this.held = this.count = 0;
  }

  /** Markers that packets may have before and after their header. */
  skipMarker(kind: number, size: number): void {
    if (this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === kind) this.at += size;
  }

  take(many: number): Uint8Array {
    if (this.at + many > this.bytes.length) throw brokenJ2k(this.where, 'one that ends inside a code block');
    this.at += many;
    return this.bytes.subarray(this.at - many, this.at);
  }
}
