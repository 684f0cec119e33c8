/** How far AUROCs fall, with intervals of the subjects tested (DeLong et al. 1988), over seeds; and how tables write them. */
import { delong } from 'consilience';

const within = 1.959964; // standard errors, of a 95 % interval

/** A sum of AUROCs of the same subjects under these weights, and its variance. */
export function contrast(scores, weights, labels) {
  const { auroc, covariance } = delong(scores, labels);
  const estimate = weights.reduce((sum, weight, j) => sum + weight * auroc[j], 0);
  let variance = 0;
  for (let j = 0; j < weights.length; j++) {
    for (let k = 0; k < weights.length; k++) {
      variance += weights[j] * weights[k] * covariance.data[j * weights.length + k];
    }
  }
  return { estimate, variance: Math.max(0, variance) };
}

/** The mean of independent estimates with its interval. */
export function pooled(each) {
  const estimate = mean(each.map((one) => one.estimate));
  const half = (within * Math.sqrt(each.reduce((sum, { variance }) => sum + variance, 0))) / each.length;
  return { estimate, low: estimate - half, high: estimate + half };
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Three decimals, no 0 before the point, none of them −.000. */
export const plain = (value) => `${value < -0.0005 ? '−' : ''}${Math.abs(value).toFixed(3).replace(/^0/, '')}`;

export const withInterval = ({ estimate, low, high }) => `${plain(estimate)} (${plain(low)} to ${plain(high)})`;
