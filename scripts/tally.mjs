/** A vitest reporter that writes what `scripts/test.mjs` prints last: counts, and each skipped test with its reason. */
import { writeFileSync } from 'node:fs';

export default class Tally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      tally.failed += brokenAround(module);
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') tally.passed++;
        else if (state === 'failed') tally.failed++;
        else tally.skipped.push(`${module.relativeModuleId}: ${test.fullName} (${note ?? 'no reason given'})`);
      }
    }
    writeFileSync(process.env.CONSILIENCE_TALLY, JSON.stringify(tally));
  }
}

/** Files that do not load and suites whose hooks fail leave no failed test behind; each counts as one. */
function brokenAround(module) {
  const suites = [...module.children.allSuites()];
  return [module, ...suites].filter((part) => part.errors().length > 0).length;
}
