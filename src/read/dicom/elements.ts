/**
 * Walks the elements of a DICOM data set (PS3.5, chapter 7). Written here, since the libraries tried end a data set in
 * silence where an item or its delimiter is missing, and misread the lengths of the newer 64-bit elements.
 */
import { InputError } from '../../errors.ts';
import type { TransferSyntax } from './syntax.ts';
import { pixelData, tagText } from './tags.ts';

export interface DicomElement {
  readonly tag: number;
  /** As the file has it; undefined where the syntax leaves it out. */
  readonly vr: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Packed pixels: where each fragment stands; the first is the table of offsets. */
  readonly fragments?: readonly Span[];
  /** Whether the elements within an undefined length are written without value representations. */
  readonly implicitInside?: boolean;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ElementSyntax = Pick<TransferSyntax, 'explicit' | 'bigEndian'>;

export type Elements = ReadonlyMap<number, DicomElement>;

const item = 0xfffe_e000;
const itemEnd = 0xfffe_e00d;
const sequenceEnd = 0xfffe_e0dd;
const undefinedLength = 0xffff_ffff;
/** Sequences within sequences: real files have a handful. */
const deepest = 32;

const short = 'AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' ');
const long = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ');
const known = new Set([...short, ...long]);
const longVrs = new Set(long);

export function isVr(text: string): boolean {
  return known.has(text);
}

/** One pass over bytes, with its place. */
export class ElementWalk {
  at: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly where: string;

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.at = at;
    this.where = where;
  }

  /** Elements up to `end`; of an item of undefined length up to its delimiter. */
  elements(syntax: ElementSyntax, end: number, delimited = false, depth = 0): Map<number, DicomElement> {
    if (depth > deepest) throw this.fault('sequences too deep', `at most ${deepest}`);
    const found = new Map<number, DicomElement>();
    while (this.at < end) {
      if (!delimited && this.restIsZero(end)) break;
      const element = this.element(syntax, end, depth);
      if (element.tag === itemEnd && delimited) return found;
      if (element.tag === item || element.tag === itemEnd || element.tag === sequenceEnd) {
        throw this.fault(`a delimiter ${tagText(element.tag)} where an element should be`);
      }
      // Those are of messages on the wire: here they are a hole of zeros, which without value representations reads as such.
      if (element.tag < 0x0001_0000) throw this.fault(`an element ${tagText(element.tag)} where none can be`);
      found.set(element.tag, element);
    }
    if (delimited) throw this.fault('the file ends inside an item');
    return found;
  }

  /** Of a data set that was cut with its file, or is padded to a block. */
  private restIsZero(end: number): boolean {
    if (this.bytes[this.at] !== 0 || this.bytes[end - 1] !== 0) return false;
    for (let i = this.at; i < end; i++) if (this.bytes[i] !== 0) return false;
    return true;
  }

  element(syntax: ElementSyntax, end: number, depth: number): DicomElement {
    const tag = this.tag(syntax, end);
    if (tag === item || tag === itemEnd || tag === sequenceEnd) {
      this.length32(syntax, end);
      return { tag, vr: undefined, start: this.at, end: this.at };
    }
    const vr = syntax.explicit ? this.vr(end) : undefined;
    const length = vr === undefined || longVrs.has(vr) ? this.longLength(syntax, vr, end) : this.length16(syntax, end);
    const start = this.at;
    if (length === undefinedLength) return this.undefinedElement(tag, vr, syntax, end, depth);
    if (length > end - start) {
      throw this.fault(`the file ends inside element ${tagText(tag)}`, `${length} bytes of it`, `${end - start}`);
    }
    this.at = start + length;
    return { tag, vr, start, end: this.at };
  }

  private undefinedElement(
    tag: number,
    vr: string | undefined,
    syntax: ElementSyntax,
    end: number,
    depth: number,
  ): DicomElement {
    const start = this.at;
    if (tag === pixelData && vr !== 'SQ')
      return { tag, vr, start, fragments: this.fragments(syntax, end), end: this.at };
    if (vr !== undefined && vr !== 'SQ' && vr !== 'UN') {
      throw this.fault(`element ${tagText(tag)} has no length`, undefined, vr);
    }
    const inside = vr === 'UN' ? { explicit: false, bigEndian: false } : syntax;
    this.items(inside, end, depth, true);
    return { tag, vr, start, end: this.at, ...(vr === 'UN' && { implicitInside: true }) };
  }

  /** Items of a sequence, to its end or its delimiter. */
  items(syntax: ElementSyntax, end: number, depth: number, delimited: boolean): Elements[] {
    const found: Elements[] = [];
    while (this.at < end) {
      const tag = this.tag(syntax, end);
      const length = this.length32(syntax, end);
      if (tag === sequenceEnd && delimited) return found;
      if (tag !== item) throw this.fault('a sequence without items', tagText(item), tagText(tag));
      if (length === undefinedLength) {
        found.push(this.elements(syntax, end, true, depth + 1));
        continue;
      }
      if (length > end - this.at)
        throw this.fault('the file ends inside an item', `${length} bytes`, `${end - this.at}`);
      const itemAt = this.at + length;
      found.push(this.elements(syntax, itemAt, false, depth + 1));
      this.at = itemAt;
    }
    if (delimited) throw this.fault('the file ends inside a sequence');
    return found;
  }

  private fragments(syntax: ElementSyntax, end: number): Span[] {
    const found: Span[] = [];
    while (this.at < end) {
      const tag = this.tag(syntax, end);
      const length = this.length32(syntax, end);
      if (tag === sequenceEnd) return found;
      if (tag !== item) throw this.fault('packed pixels without fragments', tagText(item), tagText(tag));
      if (length > end - this.at) {
        throw this.fault('the file ends inside its packed pixels', `${length} bytes of a fragment`, `${end - this.at}`);
      }
      found.push({ start: this.at, end: this.at + length });
      this.at += length;
    }
    throw this.fault('the file ends inside its packed pixels', `the delimiter ${tagText(sequenceEnd)}`);
  }

  tag(syntax: ElementSyntax, end: number): number {
    this.room(4, end);
    const group = this.view.getUint16(this.at, !syntax.bigEndian);
    const element = this.view.getUint16(this.at + 2, !syntax.bigEndian);
    this.at += 4;
    return group * 65536 + element;
  }

  private vr(end: number): string {
    this.room(2, end);
    const vr = String.fromCharCode(this.bytes[this.at], this.bytes[this.at + 1]);
    if (!known.has(vr))
      throw this.fault(`no value representation at byte ${this.at}`, 'such as US', JSON.stringify(vr));
    this.at += 2;
    return vr;
  }

  private longLength(syntax: ElementSyntax, vr: string | undefined, end: number): number {
    if (vr !== undefined) {
      this.room(2, end);
      this.at += 2; // reserved
    }
    return this.length32(syntax, end);
  }

  private length32(syntax: ElementSyntax, end: number): number {
    this.room(4, end);
    const length = this.view.getUint32(this.at, !syntax.bigEndian);
    this.at += 4;
    return length;
  }

  private length16(syntax: ElementSyntax, end: number): number {
    this.room(2, end);
    const length = this.view.getUint16(this.at, !syntax.bigEndian);
    this.at += 2;
    return length;
  }

  private room(many: number, end: number): void {
    if (this.at + many > end) throw this.fault('the file ends inside its data set');
  }

  private fault(what: string, expected?: string, got?: string): InputError {
    return new InputError({
      where: this.where,
      what,
      ...(expected !== undefined && { expected }),
      ...(got !== undefined && { got }),
    });
  }
}
