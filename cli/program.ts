/** The command line. Heavy modules are imported by the command that needs them, so that `--help` answers at once. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { addImageCommands } from './image/commands.ts';
import { addStreamCommands } from './stream/commands.ts';

const disclaimer = 'Research use, not a medical device.';

export async function run(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  const program = new Command('consilience')
    .description(`Multimodal fusion of biomedical measurements, honestly compared. ${disclaimer}`)
    .version(version())
    .showHelpAfterError('(add --help for usage)')
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.\nExample: consilience init my-data && consilience compare my-data/study.yaml -o results',
    );

  program
    .command('demo')
    .description('the main job on a real cohort that comes with the package (TCGA-ACC, 92 patients, six modalities)')
    .option('-o, --out <dir>', 'folder for the report and results', 'consilience-out/tcga-acc')
    .option('--json', 'print results.json instead of the table')
    .option('--seed <n>', 'seed of folds and models', wholeNumber)
    .option('--jobs <n>', 'worker threads; changes no figure (default: one a core)', positive)
    .option('--parquet', 'also write predictions.parquet')
    .option('--no-cache', 'neither keep finished folds nor take over those that an interrupted run left')
    .action(async (options) => {
      const { compare, demoStudy } = await import('./compare.ts');
      code = await compare(demoStudy(), options);
    });

  program
    .command('compare')
    .description(
      'compare strategies of fusion on a study: best single modality, early, late; same folds, paired intervals',
    )
    .argument('<study>', 'study file (YAML)')
    .option('-o, --out <dir>', 'folder for the report and results (default: consilience-out/NAME)')
    .option('--json', 'print results.json instead of the table')
    .option('--seed <n>', 'seed of folds and models', wholeNumber)
    .option('--jobs <n>', 'worker threads; changes no figure (default: one a core)', positive)
    .option('--parquet', 'also write predictions.parquet')
    .option('--no-cache', 'neither keep finished folds nor take over those that an interrupted run left')
    .addHelpText(
      'after',
      '\nWrites report.html, results.json and predictions.csv.\nExample: consilience compare study.yaml -o results --seed 7',
    )
    .action(async (study: string, options) => {
      const { compare } = await import('./compare.ts');
      code = await compare(study, options);
    });

  program
    .command('inspect')
    .description('look at a study before comparing: a card for each modality, what is missing and why, suspected leaks')
    .argument('<study>', 'study file (YAML)')
    .option('-o, --out <dir>', 'folder for inspection.html and inspection.json (default: written nowhere)')
    .option('--json', 'print inspection.json instead of the text')
    .addHelpText('after', '\nExample: consilience inspect study.yaml -o look')
    .action(async (study: string, options) => {
      const { inspect } = await import('./inspect.ts');
      code = await inspect(study, options);
    });

  program
    .command('fit')
    .description('fit one strategy on all subjects of a study and keep the model in a file')
    .argument('<study>', 'study file (YAML)')
    .requiredOption('--strategy <name>', 'by its name in the comparison: late:mean, single:rna, single:best, ...')
    .requiredOption('-o, --out <file>', 'the model file to write; a model that is there is replaced')
    .option('--seed <n>', 'seed of inner folds and models', wholeNumber)
    .option('--json', 'print what the model is as JSON instead of text')
    .option('--force', 'replace the file also if it is no model')
    .addHelpText(
      'after',
      '\nThe file holds no subject: neither ids nor rows. The same seed gives the same bytes.\nExample: consilience fit study.yaml --strategy late:mean -o relapse.model',
    )
    .action(async (study: string, options) => {
      const { fitModel } = await import('./fit.ts');
      code = await fitModel(study, options);
    });

  program
    .command('predict')
    .description('predict new subjects with a model that fit wrote')
    .argument('<model>', 'model file')
    .argument('<data...>', 'a folder or files with the tables under the names the study had, or MODALITY=FILE')
    .option('-o, --out <file>', 'predictions as .csv, .json or .parquet (default: CSV to stdout)')
    .option(
      '--explain',
      'also the contribution of each modality; as JSON, what modalities asked each other, where they do',
    )
    .option('--json', 'print the predictions as JSON')
    .option('--force', 'replace the file also if it holds no predictions; never one that is read')
    .addHelpText(
      'after',
      '\nA modality may be absent where the strategy can do without it; each prediction says what it rests on.\nExamples: consilience predict relapse.model new-patients -o predictions.csv\n          consilience predict relapse.model rna=new/rna.parquet clinical=new/visit.csv --explain --json',
    )
    .action(async (model: string, data: string[], options) => {
      const { predict } = await import('./predict.ts');
      code = await predict(model, data, options);
    });

  program
    .command('export')
    .description('write the networks of a model of intermediate fusion as one ONNX file, for other runtimes')
    .argument('<model>', 'model file that fit wrote')
    .requiredOption('-o, --out <file>', 'the .onnx file to write; an exported one that is there is replaced')
    .option('--json', 'print what the file is fed as JSON')
    .option('--force', 'replace the file also if it was not exported; never the model')
    .addHelpText(
      'after',
      '\nPrepared values go in; how they are prepared stays in the model file.\nExample: consilience export relapse.model -o relapse.onnx',
    )
    .action(async (model: string, options) => {
      const { exportNetworks } = await import('./export.ts');
      code = await exportNetworks(model, options);
    });

  program
    .command('report')
    .description('make report.html again from the results of a comparison')
    .argument('<results>', 'results.json, or the folder that holds it')
    .option('-o, --out <dir>', 'folder for report.html (default: where the results are)')
    .addHelpText('after', '\nExample: consilience report consilience-out/tcga-acc -o page')
    .action(async (results: string, options) => {
      const { report } = await import('./report.ts');
      code = await report(results, options);
    });

  program
    .command('init')
    .description('draft a study file from a folder of tables')
    .argument('<dir>', 'folder with CSV or TSV files (gz too)')
    .option('--target <column>', 'the column to predict, where it does not show')
    .option('--force', 'replace a study file that is there')
    .addHelpText('after', '\nExample: consilience init my-data --target relapse')
    .action(async (folder: string, options) => {
      const { init } = await import('./init.ts');
      code = await init(folder, options);
    });

  program
    .command('night')
    .description('simulate nights with type 1 diabetes, fuse watch and CGM in every way, and judge the alerts')
    .option('-n, --nights <n>', 'how many, ten a person (default: 100)', positive)
    .option('-o, --out <dir>', 'folder for the report and results', 'consilience-out/night')
    .option('--json', 'print results.json instead of the table')
    .option('--seed <n>', 'seed of people, nights and folds', wholeNumber)
    .option(
      '--effect <times>',
      'how strongly heart and sleep answer low glucose, in multiples of the literature (default: 1)',
      atLeast0,
    )
    .option('--budget <n>', 'false alarms a night that are allowed on the people learned from (default: 1)', atLeast0)
    .option('--log', 'also write the first night drawn as DIR/night.ndjson, for stream replay')
    .option('--learned', 'also the fast sensors by a network with memory (minutes; needs onnxruntime-node)')
    .option('--worth', 'also what the watch is worth at 0, .5, 1 and 2 times the effect (four times as long)')
    .option('--jobs <n>', 'worker threads; changes no figure (default: one a core)', positive)
    .addHelpText(
      'after',
      '\nWrites report.html with pictures of nights, and results.json.\nExample: consilience night --nights 200 -o night',
    )
    .action(async (options) => {
      const { night } = await import('./night.ts');
      code = await night(options);
    });

  addImageCommands(program, (given) => {
    code = given;
  });
  addStreamCommands(program, (given) => {
    code = given;
  });

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return exitCodeOf(error);
  }
  return code;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  const name = error instanceof Error ? error.name : '';
  if (name === 'CancelledError') {
    process.stderr.write('interrupted; nothing was written\n');
    return exitCodes.cancelled;
  }
  if (name === 'InputError' || name === 'OutputError') {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    return exitCodes.badInput;
  }
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.failed;
}

function version(): string {
  const at = [new URL('../../package.json', import.meta.url), new URL('../package.json', import.meta.url)];
  for (const url of at) {
    try {
      return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version;
    } catch {
      // the build lies one folder deeper than the sources
    }
  }
  return 'unknown';
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 0xffffffff)
    throw new InvalidArgumentError('expected a whole number from 0 to 4294967295');
  return Number(text);
}

function atLeast0(text: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) throw new InvalidArgumentError('expected a number from 0');
  return Number(text);
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(text);
}
