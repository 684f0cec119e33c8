/** `consilience image ...`: looking at scans, and the steps that bring two of them together. */
import { type Command, Option } from 'commander';
import { greyRange, millimetres, wholeFrom } from './options.ts';

/** @param done told the exit code of the command that ran */
export function addImageCommands(program: Command, done: (code: number) => void): void {
  const image = program
    .command('image')
    .description('look at scans: NIfTI, DICOM, NRRD, MetaImage, MGH, PNG, TIFF, JPEG')
    .addHelpText('after', '\nExample: consilience image info scan.nii.gz');

  image
    .command('info')
    .description('what a scan is: its size, where it stands, its values, and what is odd about it')
    .argument('<image...>', 'files, or folders of DICOM slices')
    .option('--series <uid>', 'of a folder, only the series of this SeriesInstanceUID')
    .option('--personal', 'also all that DICOM files tell of the patient; never printed unasked')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExamples: consilience image info t1.nii.gz\n          consilience image info dicom-folder --json',
    )
    .action(async (files: string[], options) => {
      const { info } = await import('./info.ts');
      done(await info(files, options));
    });

  image
    .command('view')
    .description('a picture of a scan, or of two: slices, squares, colours, histograms')
    .argument('<image>', 'a file, or a folder of DICOM slices')
    .argument('[other]', 'a second one, brought to the grid of the first')
    .requiredOption('-o, --out <file>', 'the .png file to write')
    .addOption(
      new Option('--as <picture>', 'default: montage, of two images checkerboard').choices([
        'montage',
        'checkerboard',
        'overlay',
        'difference',
        'histogram',
        'joint',
      ]),
    )
    .addOption(
      new Option('--plane <plane>', 'default: axial, of two images all').choices([
        'axial',
        'coronal',
        'sagittal',
        'all',
      ]),
    )
    .option('--slices <n>', 'slices of each plane (default: 12, of all planes 3 each)', wholeFrom(1))
    .option('--window <low,high>', 'values shown black and white (default: 1st and 99th percentile)', greyRange)
    .option('--other-window <low,high>', 'the same of the second image', greyRange)
    .option('--frame <n>', 'which point in time, from 0', wholeFrom(0))
    .option('--size <pixels>', 'longest side of a slice', wholeFrom(8))
    .option('--transform <file>', 'from the first image to the second, as image register writes it')
    .option('--series <uid>', 'of a folder with several series, the SeriesInstanceUID of the one to show')
    .option('--part <name>', 'of a series with several volumes, which of them, such as "echo 2"')
    .option('--no-letters', 'without the letters of directions')
    .option('--json', 'print what was drawn as JSON')
    .option('--force', 'replace the file also if it was not drawn by this program; never one that is read')
    .addHelpText(
      'after',
      "\nThe patient's right is on the left (R).\nExamples: consilience image view ct.nii.gz -o ct.png --window -160,240\n          consilience image view t1.nii.gz pd.nii.gz -o both.png --as overlay",
    )
    .action(async (file: string, other: string | undefined, options) => {
      const { view } = await import('./view.ts');
      done(await view(file, other, options));
    });

  image
    .command('register')
    .description('find where one scan is in another, with an estimate of the error, or a refusal')
    .argument('<fixed>', 'the scan whose grid is kept')
    .argument('<moving>', 'the scan that is brought to it')
    .addOption(
      new Option('--transform <model>', 'what freedom the move has')
        .choices(['translation', 'rigid', 'similarity', 'affine', 'bspline'])
        .default('rigid'),
    )
    .option('-o, --out <dir>', 'folder for the transform, the registered scan and pictures (default: written nowhere)')
    .addOption(
      new Option('--metric <metric>', 'mutual-information alone is right between contrasts')
        .choices(['mutual-information', 'normalized-correlation', 'mean-squares'])
        .default('mutual-information'),
    )
    .option('--start <where>', 'header, centres (of mass), auto (both), or a transform (.json, .tfm)', 'auto')
    .option('--seed <n>', 'seed of samples and of starts', wholeFrom(0))
    .option('--restarts <n>', 'searches from places around the start (default: 8)', wholeFrom(3))
    .option('--spacing <mm>', 'of the finest grid worked on (default: 2 in 3-D)', millimetres)
    .option('--control <mm>', 'between the control points of bspline (default: 8 times --spacing)', millimetres)
    .option('--fixed-mask <file>', 'an image that is not 0 where the fixed scan counts')
    .option('--moving-mask <file>', 'the same of the moving scan')
    .addOption(
      new Option(
        '--different-objects',
        'the scans show two people, say: what stays unmatched speaks not against it',
      ).conflicts('sameObject'),
    )
    .option('--same-object', 'of models that stretch or bend: the scans show one object')
    .option('--accept', 'take also what cannot be trusted')
    .option('--json', 'print registration.json instead of the text')
    .option('--force', 'replace files also if they were not written by this program; never one that is read')
    .addHelpText(
      'after',
      '\nThe transform leads from the fixed scan to the moving one, in RAS mm (.tfm: ITK). A registration that is not to be\ntrusted exits 1 and writes no transform.\nExample: consilience image register t1.nii.gz pd.nii.gz -o aligned',
    )
    .action(async (fixed: string, moving: string, options) => {
      const { registerScans } = await import('./register.ts');
      done(await registerScans(fixed, moving, options));
    });

  image
    .command('resample')
    .description('a scan on another grid')
    .argument('<image>', 'a file, or a folder of DICOM slices')
    .requiredOption('-o, --out <file>', 'the .nii.gz or .nii file to write')
    .option('--like <file>', 'an image on the grid that is wanted')
    .option('--spacing <mm>', 'the same field of view with voxels of this size', millimetres)
    .option('--transform <file>', 'from the grid to the image, as image register writes it')
    .addOption(
      new Option('--interpolation <kind>', 'nearest and labels make no new value; labels takes the most frequent one')
        .choices(['nearest', 'linear', 'cubic', 'labels'])
        .default('linear'),
    )
    .option('--series <uid>', 'of a folder with several series, the SeriesInstanceUID of the one to take')
    .option('--part <name>', 'of a series with several volumes, which of them, such as "echo 2"')
    .option('--json', 'print what was written as JSON')
    .option('--force', 'replace the file also if it was not written by this program; never one that is read')
    .addHelpText(
      'after',
      '\nExamples: consilience image resample pd.nii.gz --like t1.nii.gz -o pd-on-t1.nii.gz\n          consilience image resample atlas.nii.gz --spacing 2 --interpolation labels -o atlas-2mm.nii.gz',
    )
    .action(async (file: string, options) => {
      const { resampleScan } = await import('./resample.ts');
      done(await resampleScan(file, options));
    });

  image
    .command('harmonize')
    .description('bring the values of scans to one scale, learned from training scans only')
    .addOption(
      new Option('--method <method>', 'how; see the chapter on harmonizing').choices([
        'intensity-z-score',
        'min-max',
        'percentile-clip',
        'histogram-match',
        'nyul',
        'white-stripe',
        'kde-mode',
      ]),
    )
    .option('--train <image...>', 'scans to learn from')
    .option('--apply <image...>', 'scans to harmonize (default: those of training)')
    .option('-o, --out <dir>', 'folder for the harmonized scans and harmonization.json')
    .addOption(
      new Option('--mask <rule>', 'which voxels count (default: by method)').choices([
        'positive',
        'otsu',
        'head',
        'all',
      ]),
    )
    .option(
      '--beside <image...>',
      'scans of another modality at the same places, in the order of --apply: says what harmonizing did to the relation',
    )
    .option('--save <file>', 'keep what was learned in a .json file')
    .option('--with <file>', 'instead of learning, what --save kept')
    .option('--json', 'print harmonization.json instead of the text')
    .option('--force', 'replace files also if they were not written by this program; never one that is read')
    .addHelpText(
      'after',
      '\nExamples: consilience image harmonize --method nyul --train a/*.nii.gz --apply b/*.nii.gz -o out --save scale.json\n          consilience image harmonize --with scale.json --apply new.nii.gz -o out',
    )
    .action(async (options) => {
      const { harmonize } = await import('./harmonize.ts');
      done(await harmonize(options));
    });
}
