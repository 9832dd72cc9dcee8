// SPDX-License-Identifier: Apache-2.0
/** The version of `@tensorflow-models/posenet` whose interface and results this package reproduces. */
export const version = '2.2.2';
