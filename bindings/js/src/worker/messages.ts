// SPDX-License-Identifier: Apache-2.0
// The messages between a page and a worker.
import type {PoseNetErrorCode} from '../core/errors.js';

/** The kind of object that a worker has. */
export type Kind = 'detector' | 'posenet' | 'localizer';

/** Creates an object, or calls a method of it. Arguments must be structured-cloneable. */
export interface Request {
  id: number;
  create?: Kind;
  method?: string;
  args: unknown[];
}

/** An error. */
export interface ErrorMessage {
  message: string;
  /** Present for a PoseNetError. */
  code?: PoseNetErrorCode;
}

/** The reply to the request with this ID, or the progress of loading. */
export interface Reply {
  id: number;
  result?: unknown;
  error?: ErrorMessage;
  progress?: [loadedBytes: number, totalBytes: number | undefined];
}
