// SPDX-License-Identifier: Apache-2.0
import {BaseModel} from './base_model.js';

/** PoseNet's ResNet50. */
export class ResNet extends BaseModel {}
