import { checkHarmonizer } from '../contract/check-harmonizer.ts';

checkHarmonizer('log1p');
checkHarmonizer('log1p', { when: 'always', scales: ['count'] });
checkHarmonizer('impute');
checkHarmonizer('encode');
checkHarmonizer('variance-filter', { above: 0.1 });
checkHarmonizer('variance-filter', { most: 2 });
checkHarmonizer('standardize');
checkHarmonizer('standardize', { to: { mean: 40, sd: 10 } });
