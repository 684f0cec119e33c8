import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitStudy } from '../../../src/study/fit-study.node.ts';
import { loadStudy } from '../../../src/study/load.node.ts';
import { readModel, writeModel } from '../../../src/study/model-file.ts';
import { predictStudy } from '../../../src/study/predict-study.node.ts';
import { type DicomContent, dicomFile, raw16 } from '../../read/dicom-files.ts';
import { type Files, folderWith, subjects, table } from '../small-study.ts';

const some = subjects.slice(0, 12);

/** Two slices of 3 x 2 voxels, all of one value. */
function series(folder: string, uid: string, value: number, content: DicomContent = {}): Files {
  const slice = (z: number) =>
    dicomFile({
      SeriesInstanceUID: uid,
      ImagePositionPatient: `0\\0\\${z}`,
      PixelData: raw16(Array.from({ length: 6 }, (_, at) => value + at)),
      ...content,
    });
  return { [`${folder}/${uid}-0.dcm`]: slice(0), [`${folder}/${uid}-1.dcm`]: slice(2) };
}

/** Each subject's folder has series 2 of low and series 5 of high values, of UIDs of their own. */
function files(images: string, more: Files = {}): Files {
  const scans = some.map((id, i) => ({
    ...series(`ct/${id}`, `1.2.${i}.77`, 100 + (i % 2), { SeriesNumber: '2' }),
    ...series(`ct/${id}`, `1.2.${i}.11`, 500 + 30 * (i % 2), { SeriesNumber: '5' }),
  }));
  return {
    'labels.csv': table('id,ill', (_, i) => `${i % 2}`, some),
    ...Object.assign({}, ...scans),
    'study.yaml': `target: labels.csv\nmodalities:\n  ct: ${images}\nprotocol: { folds: 3, repeats: 1, inner: 3 }\n`,
    ...more,
  };
}

const load = (given: Files) => loadStudy(join(folderWith(given), 'study.yaml'));
const firsts = async (given: Files) => {
  const { values } = (await load(given)).cohort.blocks[0];
  return some.map((_, i) => values.data[i * values.shape[1]]);
};
const high = some.map((_, i) => 500 + 30 * (i % 2));
const low = some.map((_, i) => 100 + (i % 2));

describe('the series of a folder of DICOM slices', () => {
  it('is chosen by its number, whatever UIDs the subjects have', async () => {
    expect(await firsts(files("{ file: 'ct/{subject}', images: { series: 5 } }"))).toEqual(high);
    expect(await firsts(files("{ file: 'ct/{subject}', images: { series: 2 } }"))).toEqual(low);
  });

  it('is chosen by the column of the table that tells its UID, or its number', async () => {
    const images = '{ file: scans.csv, images: { column: scan, series: { column: which } } }';
    const uids = table('id,scan,which', (id, i) => `ct/${id},1.2.${i}.11`, some);
    expect(await firsts(files(images, { 'scans.csv': uids }))).toEqual(high);
    const numbers = table('id,which,scan', (id) => `2,ct/${id}`, some);
    expect(await firsts(files(images, { 'scans.csv': numbers }))).toEqual(low);
    const rest = '{ file: scans.csv, images: { series: { column: which } } }'; // the only other column names the scans
    expect(await firsts(files(rest, { 'scans.csv': uids }))).toEqual(high);
  });

  it('stays chosen in a model, for new subjects', async () => {
    const folder = folderWith(files("{ file: 'ct/{subject}', images: { series: 5 } }"));
    const { model } = await fitStudy(join(folder, 'study.yaml'), { strategy: 'single:ct' });
    const again = await readModel(await writeModel(model), 'a.model');
    const fresh = folderWith({
      ...series('new/a', '1.3.1', 530, { SeriesNumber: '5' }),
      ...series('new/a', '1.3.2', 0, { SeriesNumber: '2' }),
      ...series('new/b', '1.4.1', 500, { SeriesNumber: '5' }),
      ...series('new/b', '1.4.2', 900, { SeriesNumber: '2' }),
    });
    const { prediction } = await predictStudy(again, [`ct=${join(fresh, 'new', '{subject}')}`]);
    if (prediction.kind !== 'classes') throw new Error('classes');
    expect(prediction.probability.data[1]).toBeGreaterThan(0.5);
    expect(prediction.probability.data[3]).toBeLessThan(0.5);
  });

  it('has parts, of which one is chosen', async () => {
    const echoes = (images: string) => {
      const scans = some.map((id, i) => ({
        ...series(`mr/${id}`, `1.2.${i}`, 10, { EchoNumbers: '1' }),
        ...Object.fromEntries(
          Object.entries(series(`mr/${id}`, `1.2.${i}`, 20, { EchoNumbers: '2' })).map(([name, bytes]) => [
            name.replace('.dcm', '-second.dcm'),
            bytes,
          ]),
        ),
      }));
      return files(`{ file: 'mr/{subject}', images: ${images} }`, Object.assign({}, ...scans));
    };
    expect(await firsts(echoes("{ part: 'echo 2' }"))).toEqual(some.map(() => 20));
    await expect(load(echoes('{}'))).rejects.toThrow('s01: several volumes in the folder');
  });

  it('is asked for where there are several, and refused where there is none of the number, or two', async () => {
    await expect(load(files("{ file: 'ct/{subject}', images: {} }"))).rejects.toThrow(
      's01: several volumes in the folder, expected one, chosen by `series` and `part`, got series 1.2.0.77 (3 x 2 x 2); series 1.2.0.11',
    );
    await expect(load(files("{ file: 'ct/{subject}', images: { series: 3 } }"))).rejects.toThrow(
      's01: no series of number 3, expected one in the folder, got 2 (1.2.0.77), 5 (1.2.0.11)',
    );
    const twice = series('ct/s01', '1.2.0.99', 1, { SeriesNumber: '5' });
    await expect(load(files("{ file: 'ct/{subject}', images: { series: 5 } }", twice))).rejects.toThrow(
      's01: several series of number 5',
    );
  });

  it('means nothing to a file, and a column of it nothing to a pattern', async () => {
    await expect(load(files("{ file: 'ct/{subject}/1.2.0.11-0.dcm', images: { series: 5 } }"))).rejects.toThrow(
      's01/1.2.0.11-0.dcm: no series to choose from, expected a folder of DICOM slices, got a file, and series 5',
    );
    await expect(load(files("{ file: 'ct/{subject}', images: { series: { column: which } } }"))).rejects.toThrow(
      'modalities.ct.images.series: no column, expected a number: a pattern has no table, got which',
    );
  });
});
