// SPDX-License-Identifier: Apache-2.0
/** The version of `@tensorflow-models/posenet` whose interface and answers this has. */
export const version = '2.2.2';
