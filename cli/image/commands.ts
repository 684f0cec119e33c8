/** `consilience image ...`: looking at scans, and the steps that bring two of them together. */
import type { Command } from 'commander';

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
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExamples: consilience image info t1.nii.gz\n          consilience image info dicom-folder --json',
    )
    .action(async (files: string[], options) => {
      const { info } = await import('./info.ts');
      done(await info(files, options));
    });
}
