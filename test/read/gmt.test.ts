import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readGmt } from '../../src/read/table/gmt.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readGmt(bytesOf(text), 'sets.gmt');
const plain = 'HYPOXIA\thttps://example.org/hypoxia\tVEGFA\tCA9\nGLYCOLYSIS\tna\tPGK1\tLDHA\tVEGFA\n';
const sets = [
  { name: 'HYPOXIA', description: 'https://example.org/hypoxia', genes: ['VEGFA', 'CA9'] },
  { name: 'GLYCOLYSIS', description: 'na', genes: ['PGK1', 'LDHA', 'VEGFA'] },
];

describe('a file of gene sets', () => {
  it('is read as names, descriptions and genes', async () => {
    expect(await read(plain)).toEqual(sets);
  });

  it('may be gzipped, have a byte order mark and line ends of any system', async () => {
    expect(await readGmt(gzipSync(plain), 'sets.gmt.gz')).toEqual(sets);
    expect(await read(`\uFEFF${plain}`)).toEqual(sets);
    expect(await read(plain.replaceAll('\n', '\r\n'))).toEqual(sets);
    expect(await read(plain.replaceAll('\n', '\r'))).toEqual(sets);
  });

  it('may have tabs and spaces at the ends of lines, blank lines and no last line end', async () => {
    expect(await read(plain.replaceAll('\n', '\t\t\n\n \t\n').trimEnd())).toEqual(sets);
  });

  it('may have no description of a set, and name a gene twice', async () => {
    expect(await read('A\t\tx\ty\tx\n')).toEqual([{ name: 'A', description: '', genes: ['x', 'y'] }]);
  });

  it('is refused with the line where a set has fewer than three fields', async () => {
    await expect(read(`${plain}HALLMARK\tna\n`)).rejects.toThrow(
      'sets.gmt: line 3: not a gene set, expected a name, a description and genes, separated by tabs, got 2 fields',
    );
    await expect(read('HYPOXIA VEGFA CA9\n')).rejects.toThrow('sets.gmt: line 1: not a gene set, expected a name,');
    await expect(read('HYPOXIA VEGFA CA9\n')).rejects.toThrow('got 1 field');
  });

  it('is refused with both lines where two sets have one name', async () => {
    await expect(read(`${plain}\nHYPOXIA\tna\tEPO\n`)).rejects.toThrow(
      'sets.gmt: line 4: two gene sets named "HYPOXIA", expected different names, got lines 1 and 4',
    );
  });

  it('is refused where a gene or a name is empty', async () => {
    await expect(read('HYPOXIA\tna\tVEGFA\t\tCA9\n')).rejects.toThrow(
      'sets.gmt: line 1: an empty gene in "HYPOXIA", expected a gene between two tabs, got none in field 4',
    );
    await expect(read(`${plain}\tna\tVEGFA\n`)).rejects.toThrow(
      'sets.gmt: line 3: a gene set without a name, expected a name',
    );
  });

  it('is refused where there is no set', async () => {
    const told = 'sets.gmt: no gene sets, expected a line a set: name, description, genes';
    await expect(read('')).rejects.toThrow(told);
    await expect(read('\uFEFF\n \t\n')).rejects.toThrow(told);
  });

  it('is refused where it is no UTF-8 text, without advice for tables', async () => {
    const latin = Uint8Array.of(...bytesOf(`${plain}A\tM`), 0xfc, ...bytesOf('ller\tTP53\n'));
    await expect(readGmt(latin, 'sets.gmt')).rejects.toThrow(
      'sets.gmt: line 3: not a text of gene sets, expected UTF-8, got byte 0xfc at byte 79',
    );
    await expect(readGmt(Uint8Array.of(0x50, 0x4b, 3, 4, 0), 'sets.gmt')).rejects.toThrow(
      'sets.gmt: not a text of gene sets, expected UTF-8, got a zip archive (an .xlsx workbook is one: save the sheet as CSV)',
    );
  });
});
