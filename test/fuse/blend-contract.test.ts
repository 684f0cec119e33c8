import { blend } from '../../src/fuse/blend.ts';
import type { IntermediateOptions } from '../../src/fuse/intermediate/options.ts';
import { checkFusion } from '../contract/check-fusion.ts';

const intermediate: IntermediateOptions = { width: 8, heads: 2, epochs: 3, patience: 2, members: 2, batchSize: 32 };

checkFusion('blend', () => blend({ intermediate }), { digits: 6 });
checkFusion('blend by stacking, three classes', () => blend({ intermediate, combine: 'stacked' }), {
  classes: 3,
  digits: 6,
});
checkFusion('blend of early and late', () => blend({ members: ['early', 'late'], late: { combine: 'convex' } }));
for (const kind of ['survival', 'value'] as const) {
  checkFusion(`blend, ${kind}`, () => blend({ intermediate }), { kind, digits: kind === 'value' ? 4 : 6 });
  checkFusion(`blend by mean, ${kind}`, () => blend({ members: ['late', 'early'], combine: 'mean' }), { kind });
}
