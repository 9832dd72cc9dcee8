// SPDX-License-Identifier: Apache-2.0
// What is made of measurements.

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(q * (sorted.length - 1))];
}

/** Of an even number of values the mean of the two in the middle: there may be few of them. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** Arrays of `values` by what `key` answers, in the order that keys come first. */
export function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

/** How many times as fast as `reference` some results are, by their `times`: of each round by itself, because what
 *  slows the machine for a while slows that round. */
export function speedsOf(results, reference, times) {
  return results.flatMap(result => {
    const other = reference.find(({round}) => round === result.round);
    return other ? [median(other[times]) / median(result[times])] : [];
  });
}
