// SPDX-License-Identifier: Apache-2.0
// Statistics of measurements.

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(q * (sorted.length - 1))];
}

/** For an even number of values, the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** Groups `values` by `key`, in the order in which keys first appear. */
export function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

/** Returns the speedups of `results` over `reference` by their `times`, for each round separately, because a temporary
 *  load affects all engines of a round. */
export function speedupsOf(results, reference, times) {
  return results.flatMap(result => {
    const other = reference.find(({round}) => round === result.round);
    return other ? [median(other[times]) / median(result[times])] : [];
  });
}
