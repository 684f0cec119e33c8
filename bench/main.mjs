/**
 * `npm run bench -- TASK [...]`: the named tasks of bench/tasks, on the built package. Exits 0 where all is well, 1 where a
 * task says otherwise, 2 where it cannot tell what is asked.
 */
import process from 'node:process';

const tasks = {
  alerts: 'nocturnal lows of real people, one held out at a time: each fusion beside a straight line',
  engine: 'a training step against PyTorch',
  figures: 'recomputes the figures in bench/figures.json and compares',
  harmonization:
    'separate against joint harmonizing of CT and MR: tissue that follows bone, and how far patients are apart',
  images: 'reading, resampling and harmonizing a volume against nibabel, SciPy and scikit-image',
  kirc: 'late fusion of risks that others told, and the trap of weighing them on their training rows',
  misalignment: 'two scans of one head, the second moved, noisy or missing: how far each fusion falls',
  nights: 'simulated nights: events caught by each fusion, and what the watch is worth',
  predict: 'how long `consilience predict` takes for one subject',
  robustness: 'one modality broken at test: how far each strategy falls',
  speed: 'time and memory of a comparison against scikit-learn, scikit-survival and lifelines',
  startup: 'how long `consilience --help` takes',
  stream: 'events a second through the hybrids of 10,000 subjects, decisions, and bytes of state',
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name ?? '')) {
  const list = Object.entries(tasks).map(([task, about]) => `  ${task.padEnd(15)}${about}`);
  const what = name === undefined ? '' : `bench: unknown task "${name}"\n`;
  process.stderr.write(`${what}usage: npm run bench -- TASK [...]\n${list.join('\n')}\n`);
  process.exitCode = 2;
} else {
  try {
    const { run } = await import(`./tasks/${name}.mjs`);
    process.exitCode = await run(args);
  } catch (error) {
    const usage = error.code?.startsWith('ERR_PARSE_ARGS') || error.name === 'InputError';
    process.stderr.write(`bench ${name}: ${usage ? error.message : error.stack}\n`);
    process.exitCode = usage ? 2 : 1;
  }
}
