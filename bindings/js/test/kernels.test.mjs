// SPDX-License-Identifier: Apache-2.0
// The engine's own tests (src/nn/*_test.cc) as WebAssembly, whose kernels are not those of any other instruction set:
// each is compared with its reference, within the tolerances that hold everywhere. scripts/test builds the program.
//
//   node --test bindings/js/test/kernels.test.mjs
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, test} from 'node:test';

import {root} from './photos.mjs';

// Of the build for one thread; that for several has the same kernels.
const program = join(root, 'build/wasm/src/nn/nn_tests.js');
const reason = existsSync(program) ? undefined : `${program} is not there: scripts/test js builds it`;
if (reason) console.log(`skipped: ${reason}`);

/** Cases that cannot work here, and why. */
const LEFT_OUT = {
  'PlanTest.ContextsRunAtTheSameTime': 'starts threads, which a module for one thread cannot',
};

/** The exit status of the program, and what it prints. */
function run(...options) {
  const {error, status, stdout, stderr} = spawnSync(
    process.execPath, [program, ...options], {encoding: 'utf8', maxBuffer: 1 << 28});
  if (error) throw error;
  return {status, output: stdout + stderr};
}

/** The program's cases, as Suite.Name. */
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

  test('are those of products, depthwise layers, plans and few bits', () => {
    for (const suite of ['DotGemmTest', 'KernelsTest', 'PlanTest', 'PrecisionTest', 'QuantizedPlanTest', 'LstmTest']) {
      assert.ok(cases.some(name => name.startsWith(`${suite}.`)), suite);
    }
    for (const name of Object.keys(LEFT_OUT)) assert.ok(cases.includes(name), `there is no ${name} to be left out`);
  });

  test('pass', () => {
    const {status, output} = run(`--gtest_filter=-${Object.keys(LEFT_OUT).join(':')}`);
    assert.equal(status, 0, output);
    const [, passed] = output.match(/^\[ {2}PASSED {2}\] (\d+) tests\.$/m) ?? assert.fail(output);
    assert.equal(Number(passed), cases.length - Object.keys(LEFT_OUT).length);
  });

  for (const [name, why] of Object.entries(LEFT_OUT)) test(name, {skip: why}, () => {});
});
