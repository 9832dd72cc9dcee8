// SPDX-License-Identifier: Apache-2.0
// The part of TensorFlow.js' tensors that PoseNet's interface uses. Real tensors satisfy these types, too.

/** A tensor whose values can be read one at a time. */
export interface TensorBuffer3D {
  readonly shape: readonly number[];
  get(...indices: number[]): number;
}

/** A tensor of rank 3. */
export interface Tensor3D {
  readonly shape: readonly number[];
  data(): Promise<ArrayLike<number>>;
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

/** A tensor whose values are in an array in row-major order; dispose() has no effect. */
export class PlainTensor<Values extends Float32Array | Int32Array = Float32Array> implements Tensor3D, TensorBuffer3D {
  constructor(readonly values: Values, readonly shape: readonly number[]) {}

  async data(): Promise<Values> {
    return this.values;
  }

  dataSync(): Values {
    return this.values;
  }

  async buffer(): Promise<this> {
    return this;
  }

  get(...indices: number[]): number {
    const index = indices.reduce((sum, at, axis) => sum * (this.shape[axis] ?? 1) + at, 0);
    return this.values[index] as number;
  }

  dispose(): void {}
}

/** Returns `tensor` with values that can be read one at a time. */
export async function bufferOf(tensor: Tensor3D): Promise<PlainTensor> {
  if (tensor instanceof PlainTensor && tensor.values instanceof Float32Array) return tensor as PlainTensor;
  return new PlainTensor(Float32Array.from(await tensor.data()), [...tensor.shape]);
}
