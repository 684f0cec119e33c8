import { z } from 'zod';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { IntermediateOptions } from '../../src/fuse/intermediate/options.ts';
import { variantNames } from '../../src/fuse/intermediate/variants/variants.ts';
import { fusions } from '../../src/study/registry.ts';
import { checkFusion } from '../contract/check-fusion.ts';

// The suite opens and builds by name; where studies do not know the kind yet, they are told here.
(fusions as Record<string, unknown>).intermediate ??= {
  version: 1,
  build: intermediate,
  open: openIntermediate,
  options: z.unknown(),
};

const small: IntermediateOptions = { width: 8, heads: 2, epochs: 3, patience: 2, members: 2, batchSize: 32 };

const digits = 6;

checkFusion('intermediate', () => intermediate(small), { digits });
checkFusion('intermediate, three classes, more features than subjects', () => intermediate(small), {
  classes: 3,
  features: [200, 12],
  digits,
});
for (const kind of ['survival', 'value'] as const) {
  checkFusion(`intermediate, ${kind}`, () => intermediate(small), { kind, digits: kind === 'value' ? 4 : digits });
}
for (const variant of variantNames) {
  if (variant === 'attention') continue;
  checkFusion(`intermediate, ${variant}`, () => intermediate({ ...small, variant, members: 1 }), { digits });
}
