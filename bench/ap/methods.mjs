// SPDX-License-Identifier: Apache-2.0
// What bench/ap/run measures, one line per method: its name, its kind, the arguments of 'posenet human eval' that
// select it, input sizes and precisions. Each combination of size and precision is a row of the table; the sizes of a
// precision are a line of the chart, in a color per method and with the marker of its kind. A size or a precision of
// null leaves the option out, so that the default is measured.
const ALL = ['fp32', 'bf16', 'int8'];

export const METHODS = [
  // Networks that detect everybody at once.
  ['PoseNet as in TensorFlow.js', 'network', '--preset tfjs', [257, 513], [null]],
  ['PoseNet, decoder tfjs', 'network', '--model mobilenet100 --decoder tfjs', [257, 513], ALL],
  ['PoseNet, decoder hough', 'network', '--model mobilenet100 --decoder hough', [257, 353, 513, 801], ALL],
  ['PoseNet 0.75, decoder hough', 'network', '--model mobilenet075 --decoder hough', [257, 513], ALL],
  ['MoveNet MultiPose', 'network', '--model movenet-multipose', [256, 512], ALL],
  // One person per image, whatever the number of people.
  ['MoveNet Lightning', 'single', '--model movenet-lightning', [null], ALL],
  ['MoveNet Thunder', 'single', '--model movenet-thunder', [null], ALL],
  // Cascades: a network proposes people, and a second one estimates each of them on a crop.
  ['PoseNet, then Lightning', 'cascade', '--model mobilenet100 --refine lightning', [257, 513], ALL],
  ['PoseNet, then Thunder', 'cascade', '--model mobilenet100 --refine thunder', [257, 513], ALL],
  ['PoseNet and MultiPose, then Thunder', 'cascade',
   '--model mobilenet100 --refine thunder --proposals multipose', [513], ALL],
  // Not in the chart: one of the above.
  ['All defaults', 'defaults', '', [257, 513], [null]],
].map(([name, kind, options, sizes, precisions]) => ({name, kind, options, sizes, precisions}));

/** Returns a subject for each combination of method, size, precision and number of threads. */
export function subjectsOf(methods, threadCounts) {
  return methods.flatMap(method => method.sizes.flatMap(size => method.precisions.flatMap(precision =>
    threadCounts.map(threads => ({method, size, precision, threads})))));
}

/** Returns the arguments of 'posenet human eval' for a subject. */
export function argumentsOf({method, size, precision, threads}) {
  return [
    ...method.options.split(' ').filter(Boolean),
    ...(size ? ['--size', String(size)] : []),
    ...(precision ? ['--precision', precision] : []),
    '--threads', String(threads),
  ];
}
