/**
 * The Python of the incumbent: a virtual environment in bench/.venv with the pins of bench/requirements.txt, made where
 * it is absent or older than they are. Only the bench needs Python. `node bench/venv.mjs` prints the interpreter's path.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const bench = fileURLToPath(new URL('.', import.meta.url));

/** The path of a Python that has the pinned packages. Throws where none can be made. */
export function benchPython() {
  const folder = join(bench, '.venv');
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  const requirements = join(bench, 'requirements.txt');
  const stamp = join(folder, 'requirements.installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  rmSync(folder, { recursive: true, force: true });
  run(systemPython(), ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  writeFileSync(stamp, wanted);
  return python;
}

function systemPython() {
  const found = [process.env.PYTHON, 'python3', 'python'].find(
    (name) => name && spawnSync(name, ['-c', 'import venv'], { stdio: 'ignore' }).status === 0,
  );
  if (!found) throw new Error('bench: no Python with venv found, expected python3 on the PATH or in PYTHON');
  return found;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`bench: ${command} ${args.join(' ')} failed`, { cause: error });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(benchPython());
