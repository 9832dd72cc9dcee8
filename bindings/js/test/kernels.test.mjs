// SPDX-License-Identifier: Apache-2.0
// Runs the engine's own tests (src/nn) as WebAssembly, whose kernels differ from those of all other instruction sets:
// each is compared with its reference. scripts/test builds the program.
//
//   node --test bindings/js/test/kernels.test.mjs
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';

import {root} from './fixtures.mjs';

// The build for one thread; that for several threads has the same kernels.
const program = join(root, 'build/wasm/src/nn/nn_tests.js');
const reason = existsSync(program) ? undefined : `${program} is missing; run scripts/test js`;
if (reason) console.log(`skipped: ${reason}`);

/** Cases that cannot run here, with the reason. */
const EXCLUDED = {
  'PlanTest.ContextsRunAtTheSameTime': 'needs threads, which this build lacks',
};

/** Runs the program. Returns its exit status and output. */
function run(...options) {
  const {error, status, stdout, stderr} = spawnSync(
    process.execPath, [program, ...options], {encoding: 'utf8', maxBuffer: 1 << 28});
  if (error) throw error;
  return {status, output: stdout + stderr};
}

/** Lists the program's cases, as Suite.Name. */
function allCases() {
  let suite = '';
  const cases = [];
  for (const line of run('--gtest_list_tests').output.split('\n')) {
    if (/^\S+\.$/.test(line)) suite = line;
    if (/^ {2}\S/.test(line)) cases.push(suite + line.trim().split(' ')[0]);
  }
  return cases;
}

describe('the engine\'s own tests', {skip: reason}, () => {
  const cases = reason ? [] : allCases();

  test('include kernels, plans, precisions, quantized plans and LSTMs', () => {
    for (const suite of ['DotGemmTest', 'KernelsTest', 'PlanTest', 'PrecisionTest', 'QuantizedPlanTest', 'LstmTest']) {
      assert.ok(cases.some(name => name.startsWith(`${suite}.`)), suite);
    }
    for (const name of Object.keys(EXCLUDED)) assert.ok(cases.includes(name), `there is no ${name} to exclude`);
  });

  test('pass', () => {
    const {status, output} = run(`--gtest_filter=-${Object.keys(EXCLUDED).join(':')}`);
    assert.equal(status, 0, output);
    const [, passed] = output.match(/^\[ {2}PASSED {2}\] (\d+) tests\.$/m) ?? assert.fail(output);
    assert.equal(Number(passed), cases.length - Object.keys(EXCLUDED).length);
  });

  for (const [name, why] of Object.entries(EXCLUDED)) test(name, {skip: why}, () => {});
});
