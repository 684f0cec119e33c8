import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import type { ModelFile } from '../../src/study/model-file.ts';
import { type Files, smallFiles, write } from './small-study.ts';

/** A model of the small study, also outside of a test. */
export async function fittedModel(strategy: string, seed = 7, files: Files = smallFiles()): Promise<ModelFile> {
  const folder = mkdtempSync(join(tmpdir(), 'consilience-test-'));
  try {
    write(folder, files);
    return (await fitStudy(join(folder, 'study.yaml'), { strategy, seed })).model;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
