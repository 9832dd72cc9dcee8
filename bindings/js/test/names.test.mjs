// SPDX-License-Identifier: Apache-2.0
// What TypeScript, the WebAssembly modules and the library must agree on: the names of enumerators and body parts, the
// functions, and the version.
//
//   node --test bindings/js/test/names.test.mjs
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {before, describe, test} from 'node:test';

import {skipReason} from './fixtures.mjs';

const reason = skipReason();
if (reason) console.log(`skipped: ${reason}`);
const load = path => reason ? {} : import(`../dist/${path}`);
const {ERROR_CODES} = await load('core/errors.js');
const {loadModule} = await load('core/module.js');
const {DECODERS, FITS, PRECISIONS, RESAMPLINGS} = await load('core/options.js');
const {SIMILARITIES} = await load('core/track.js');
const {poseChain} = await load('posenet/keypoints.js');
const {limbs, partNames} = await load('skeleton.js');

const readText = path => readFileSync(new URL(path, import.meta.url), 'utf8');

/** Returns the functions that an interface of core/exports.ts declares, with their numbers of parameters. */
function declaredFunctions(name) {
  const source = readText('../src/core/exports.ts');
  const [, body] = source.match(new RegExp(`interface ${name}\\b[^{]*{([^}]*)}`)) ?? assert.fail(`no interface ${name}`);
  return [...body.matchAll(/(\w+)\(([^)]*)\):/g)].map(([, function_, parameters]) => (
    [function_, parameters.split(':').length - 1]));
}

test('the package has the version of the library', () => {
  const [, version] = readText('../../../include/posenet/version.h').match(/POSENET_VERSION_STRING "(.*)"/);
  assert.equal(JSON.parse(readText('../package.json')).version, version);
});

for (const threads of [1, 2]) {
  describe(`the module for ${threads} thread(s)`, {skip: reason}, () => {
    let module, names;
    before(async () => {
      module = await loadModule({threads});
      names = JSON.parse(module.text(module.exports.posenet_names()));
    });

    test('has the enumerators of the types', () => {
      assert.deepEqual(names.errorCodes, ERROR_CODES);
      assert.deepEqual(names.decoders, DECODERS);
      assert.deepEqual(names.precisions, PRECISIONS);
      assert.deepEqual(names.fits, FITS);
      assert.deepEqual(names.resamplings, RESAMPLINGS);
      assert.deepEqual(names.similarities, SIMILARITIES);
    });

    test('has the same body parts and connections', () => {
      assert.deepEqual(names.parts, partNames);
      assert.deepEqual(names.poseChain, poseChain);
      assert.deepEqual(names.limbs, limbs.map(limb => limb.map(part => partNames[part])));
    });

    test('has the functions that core/exports.ts declares, and no other function of ours', () => {
      const declared = [
        ...declaredFunctions('Exports'), ...declaredFunctions(threads > 1 ? 'ThreadedExports' : 'SingleExports')];
      for (const [name, parameters] of declared) {
        assert.equal(typeof module.exports[name], 'function', name);
        assert.equal(module.exports[name].length, parameters, name);
      }
      const known = new Set(declared.map(([name]) => name));
      const others = Object.keys(module.exports).filter(name => name.startsWith('posenet_') && !known.has(name));
      assert.deepEqual(others, []);
    });
  });
}
