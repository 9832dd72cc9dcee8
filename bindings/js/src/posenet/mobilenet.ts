// SPDX-License-Identifier: Apache-2.0
import {BaseModel} from './base_model.js';

/** PoseNet's MobileNetV1. */
export class MobileNet extends BaseModel {}
