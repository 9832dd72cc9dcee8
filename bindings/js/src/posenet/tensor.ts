// SPDX-License-Identifier: Apache-2.0
// As much of TensorFlow.js' tensors as PoseNet's interface shows. Real ones fit as well.

/** Values that can be read one by one. */
export interface TensorBuffer3D {
  readonly shape: readonly number[];
  get(...place: number[]): number;
}

/** A tensor of rank 3. */
export interface Tensor3D {
  readonly shape: readonly number[];
  data(): Promise<ArrayLike<number>>;
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

/** A tensor whose values are in an array, row by row; disposing of it has no effect. */
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

  get(...place: number[]): number {
    const index = place.reduce((sum, at, axis) => sum * (this.shape[axis] ?? 1) + at, 0);
    return this.values[index] as number;
  }

  dispose(): void {}
}

/** The values of `tensor`, for reading one by one. */
export async function bufferOf(tensor: Tensor3D): Promise<PlainTensor> {
  if (tensor instanceof PlainTensor && tensor.values instanceof Float32Array) return tensor as PlainTensor;
  return new PlainTensor(Float32Array.from(await tensor.data()), [...tensor.shape]);
}
