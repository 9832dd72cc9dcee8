// SPDX-License-Identifier: Apache-2.0
// The one class of errors that this package throws.

/** Every kind of failure, in the order of the values of posenet_status in the C interface, from 1. */
export const ERROR_CODES = [
  'invalid-argument', 'not-found', 'permission-denied', 'io', 'corrupt-data', 'unsupported', 'resource-exhausted',
] as const;

/** The kind of a failure; the error's message has the details. */
export type PoseNetErrorCode = typeof ERROR_CODES[number];

/** A failure. The message is one line: what went wrong, where, and what was expected. */
export class PoseNetError extends Error {
  override readonly name = 'PoseNetError';

  constructor(readonly code: PoseNetErrorCode, message: string, options?: {cause?: unknown}) {
    super(message, options);
  }
}
