// SPDX-License-Identifier: Apache-2.0
// What a page and its worker say to each other.
import type {PoseNetErrorCode} from '../core/errors.js';

/** What lives in a worker: one of these. */
export type Kind = 'detector' | 'posenet' | 'scene';

/** Makes what `create` names, or calls a method of it; arguments are what structured clones can be of. */
export interface Request {
  id: number;
  create?: Kind;
  method?: string;
  args: unknown[];
}

/** An error as it travels. */
export interface ErrorMessage {
  message: string;
  /** Of a PoseNetError. */
  code?: PoseNetErrorCode;
}

/** The answer to the request of that number, or how loading goes. */
export interface Answer {
  id: number;
  result?: unknown;
  error?: ErrorMessage;
  progress?: [loadedBytes: number, totalBytes: number | undefined];
}
