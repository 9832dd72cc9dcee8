// SPDX-License-Identifier: Apache-2.0
// What goes wrong, in one class.

const CODES = [
  'invalid-argument', 'not-found', 'permission-denied', 'io', 'corrupt-data', 'unsupported', 'resource-exhausted',
] as const;

/** What kind of failure an error is; its message has the particulars. */
export type PoseNetErrorCode = typeof CODES[number];

/** A failure: its message says in one line what went wrong, where, and what was expected. */
export class PoseNetError extends Error {
  override readonly name = 'PoseNetError';

  constructor(readonly code: PoseNetErrorCode, message: string, options?: {cause?: unknown}) {
    super(message, options);
  }
}

/** The code that the module numbers so. */
export function codeOf(number: number): PoseNetErrorCode {
  return CODES[number] ?? 'unsupported';
}
