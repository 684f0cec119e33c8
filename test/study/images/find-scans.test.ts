import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findScans } from '../../../src/study/images/find-scans.node.ts';
import { folderWith } from '../small-study.ts';

const find = async (folder: string, file: string, column?: string) => {
  const { all } = await findScans(
    [join(folder, file)],
    {},
    column === undefined ? {} : { column },
    'study.yaml: modalities.t1',
  );
  return Object.fromEntries(all.table.ids.map((id, row) => [id, all.files[row]?.path.slice(folder.length + 1)]));
};

describe('scans', () => {
  it('are named by the only column of a table, relative to the folder of the table', async () => {
    const folder = folderWith({ 'lists/scans.csv': 'id,file\nb,t1/b.nii\na,../t1/a.nii\nc,\n' });
    expect(await find(folder, 'lists/scans.csv')).toEqual({ b: 'lists/t1/b.nii', a: 't1/a.nii', c: undefined });
  });

  it('are named by the column that the study says', async () => {
    const folder = folderWith({ 'scans.csv': 'id,age,t1\na,60,a.nii\n' });
    expect(await find(folder, 'scans.csv', 't1')).toEqual({ a: 'a.nii' });
    await expect(find(folder, 'scans.csv')).rejects.toThrow(
      'scans.csv: which column names the scans?, expected images.column, one of age, t1',
    );
    await expect(find(folder, 'scans.csv', 't2')).rejects.toThrow('scans.csv: no column "t2"');
  });

  it('are named as they are written, where names are numbers', async () => {
    const folder = folderWith({ 'scans.csv': 'id,scan\na,0012\nb,12\nc,0012\n' });
    expect(await find(folder, 'scans.csv')).toEqual({ a: '0012', b: '12', c: '0012' });
  });

  it('are found by a pattern of their names, with the subject in it, in folders too', async () => {
    const folder = folderWith({
      'sub-7/anat/sub-7_T1w.nii.gz': '',
      'sub-12/anat/sub-12_T1w.nii.gz': '',
      'sub-12/anat/sub-9_T1w.nii.gz': '', // another subject's, in the wrong folder
      'sub-12/anat/sub-12_T2w.nii.gz': '',
      'notes.txt': '',
    });
    expect(await find(folder, 'sub-{subject}/anat/sub-{subject}_T1w.nii.gz')).toEqual({
      7: 'sub-7/anat/sub-7_T1w.nii.gz',
      12: 'sub-12/anat/sub-12_T1w.nii.gz',
    });
  });

  it('may be folders, of DICOM slices', async () => {
    const folder = folderWith({ 'ct/p1/1.dcm': '', 'ct/p1/2.dcm': '', 'ct/p2/1.dcm': '' });
    expect(await find(folder, 'ct/{subject}')).toEqual({ p1: 'ct/p1', p2: 'ct/p2' });
  });

  it('take every letter of a pattern but the place of the subject as it stands', async () => {
    const folder = folderWith({ 'a+b(1).nii': '', 'aab(1).nii': '', 'a+b(1)xnii': '' });
    expect(await find(folder, 'a+{subject}(1).nii')).toEqual({ b: 'a+b(1).nii' });
  });

  it('that no file fits are refused with what is there', async () => {
    const folder = folderWith({ 'scans/x.txt': '' });
    await expect(find(folder, 'scans/{subject}.nii')).rejects.toThrow(
      'study.yaml: modalities.t1: no file fits the pattern, expected files like {subject}.nii, got a folder that holds x.txt',
    );
  });
});
