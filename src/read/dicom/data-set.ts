/** A DICOM data set, and its values by name. A value that is not what its element says is refused, never read as 0. */
import { InputError } from '../../errors.ts';
import { type DicomElement, type ElementSyntax, type Elements, ElementWalk } from './elements.ts';
import { type DicomName, numberOf, tagText, vrOf } from './tags.ts';

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const integer = /^[+-]?\d+$/;
const latin1 = new TextDecoder('latin1');

export class DicomDataSet {
  readonly bytes: Uint8Array;
  readonly syntax: ElementSyntax;
  readonly elements: Elements;
  readonly where: string;

  constructor(bytes: Uint8Array, syntax: ElementSyntax, elements: Elements, where: string) {
    this.bytes = bytes;
    this.syntax = syntax;
    this.elements = elements;
    this.where = where;
  }

  has(name: DicomName): boolean {
    const element = this.elements.get(numberOf(name));
    return element !== undefined && element.end > element.start;
  }

  /** Without padding; several values are parted by a backslash. Undefined where the element is absent or empty. */
  text(name: DicomName): string | undefined {
    const element = this.elements.get(numberOf(name));
    return element && this.textOf(element);
  }

  textOf({ start, end }: DicomElement): string | undefined {
    const text = latin1
      .decode(this.bytes.subarray(start, end))
      .replace(/[\0 ]+$/, '')
      .replace(/^ +/, '');
    return text === '' ? undefined : text;
  }

  /**
   * All values of an element, be they digits or binary. Undefined where it is absent or empty.
   *
   * @throws InputError where one is no number
   */
  numbers(name: DicomName): number[] | undefined {
    const element = this.elements.get(numberOf(name));
    if (!element) return undefined;
    const told = element.vr;
    const vr = told === undefined || told === 'UN' || told === 'OW' || told === 'OB' ? vrOf(name) : told;
    if (vr === 'DS' || vr === 'IS') return this.digits(name, element, vr);
    const size = sizes[vr];
    if (!size) throw this.fault(name, 'has a kind of value that cannot be read', vrOf(name), vr);
    const length = element.end - element.start;
    if (length % size !== 0) throw this.fault(name, 'has parts of a number', `${size} bytes each`, `${length} bytes`);
    if (length === 0) return undefined;
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + element.start, length);
    return Array.from({ length: length / size }, (_, i) => numberAt(view, i * size, vr, !this.syntax.bigEndian));
  }

  private digits(name: DicomName, element: DicomElement, vr: 'DS' | 'IS'): number[] | undefined {
    const text = this.textOf(element);
    if (text === undefined) return undefined;
    return text.split('\\').map((part) => {
      const digits = part.trim();
      const value = Number(digits);
      // Writers put 1.0 into whole numbers.
      const sound = decimal.test(digits) && Number.isFinite(value) && (vr === 'DS' || Number.isInteger(value));
      if (sound) return value;
      throw this.fault(name, 'is no number', vr === 'IS' ? 'a whole number' : 'a decimal number', JSON.stringify(part));
    });
  }

  /** @throws InputError where there are more or fewer */
  numbersOf(name: DicomName, many: number): number[] | undefined {
    const values = this.numbers(name);
    if (values && values.length !== many) {
      throw this.fault(name, 'does not have the right number of values', `${many}`, `${values.length}`);
    }
    return values;
  }

  /** The first value: some writers give a few where one is due. */
  number(name: DicomName): number | undefined {
    return this.numbers(name)?.[0];
  }

  /** @throws InputError where it is absent */
  required(name: DicomName): number {
    const value = this.number(name);
    if (value === undefined) throw new InputError({ where: this.where, what: `no ${name} in its header` });
    return value;
  }

  /** The items of a sequence; none where it is absent. */
  items(name: DicomName): DicomDataSet[] {
    const element = this.elements.get(numberOf(name));
    if (!element || element.end === element.start) return [];
    const syntax = element.implicitInside ? { explicit: false, bigEndian: false } : this.syntax;
    const walk = new ElementWalk(this.bytes, element.start, this.where);
    const delimited = this.endsDelimited(element, syntax.bigEndian);
    return walk
      .items(syntax, element.end, 1, delimited)
      .map((elements) => new DicomDataSet(this.bytes, syntax, elements, this.where));
  }

  private endsDelimited({ start, end }: DicomElement, bigEndian: boolean): boolean {
    if (end - start < 8) return false;
    const tail = bigEndian ? [0xff, 0xfe, 0xe0, 0xdd] : [0xfe, 0xff, 0xdd, 0xe0];
    return tail.every((byte, i) => this.bytes[end - 8 + i] === byte);
  }

  fault(name: DicomName, what: string, expected?: string, got?: string): InputError {
    return new InputError({
      where: this.where,
      what: `${name} ${tagText(numberOf(name))} ${what}`,
      ...(expected !== undefined && { expected }),
      ...(got !== undefined && { got }),
    });
  }
}

/** Whether a text could be what an `IS` or `DS` element holds. */
export function isNumberText(text: string, vr: 'IS' | 'DS'): boolean {
  return text.split('\\').every((part) => part.trim() === '' || (vr === 'IS' ? integer : decimal).test(part.trim()));
}

const sizes: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 2 };

function numberAt(view: DataView, at: number, vr: string, little: boolean): number {
  switch (vr) {
    case 'SS':
      return view.getInt16(at, little);
    case 'UL':
      return view.getUint32(at, little);
    case 'SL':
      return view.getInt32(at, little);
    case 'FL':
      return view.getFloat32(at, little);
    case 'FD':
      return view.getFloat64(at, little);
    default:
      return view.getUint16(at, little);
  }
}
