// SPDX-License-Identifier: Apache-2.0
// What TypeScript, the WebAssembly modules and the library must agree on: enumerators, structs, functions, body parts and
// the version. The headers of the C interface are the reference.
//
//   node --test bindings/js/test/names.test.mjs
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {before, describe, test} from 'node:test';

import {skipReason} from './fixtures.mjs';

const reason = skipReason();
if (reason) console.log(`skipped: ${reason}`);
const load = path => reason ? {} : import(`../dist/${path}`);
const {ERROR_CODES} = await load('core/errors.js');
const {loadModule} = await load('core/module.js');
const {DECODERS, FITS, PRECISIONS, RESAMPLINGS} = await load('core/options.js');
const structTypes = Object.values(await load('core/structs.js'));
const {SIMILARITIES} = await load('core/track.js');
const {poseChain} = await load('posenet/keypoints.js');
const {limbs, partNames} = await load('skeleton.js');

const readText = path => readFileSync(new URL(path, import.meta.url), 'utf8');

const headers = readdirSync(new URL('../../../include/posenet/c', import.meta.url))
  .map(name => readText(`../../../include/posenet/c/${name}`).replace(/\/\/\/.*/g, '')).join('\n');

/** Returns the functions that an interface of core/exports.ts declares, with their numbers of parameters. */
function declaredFunctions(name) {
  const source = readText('../src/core/exports.ts').replace(/\/\*\*.*\*\//g, '');
  const [, body] = source.match(new RegExp(`interface ${name}\\b[^{]*{([^}]*)}`)) ?? assert.fail(`no interface ${name}`);
  return [...body.matchAll(/(\w+)\(([^)]*)\):/g)].map(([, function_, parameters]) => (
    [function_, parameters.split(':').length - 1]));
}

/** Returns the functions of the C interface, with their numbers of parameters. */
function functionsOfC() {
  return new Map([...headers.matchAll(/^POSENET_C_API [^;(]*?(\w+)\(([^)]*)\);/gm)].map(([, name, parameters]) => (
    [name, parameters === 'void' ? 0 : parameters.split(',').length])));
}

/** Returns the enumerators POSENET_<prefix>_... in the style of the package, indexed by their numbers. */
function enumerators(prefix) {
  const names = [];
  for (const [, name, number] of headers.matchAll(new RegExp(`\\bPOSENET_${prefix}_(\\w+) = (\\d+)`, 'g'))) {
    names[number] = name.toLowerCase().replaceAll('_', '-');
  }
  return names;
}

/** Returns the members of a struct of C with their types in core/struct.ts. */
function membersOf(struct) {
  const [, body] = headers.match(new RegExp(`typedef struct ${struct} {([^}]*)}`)) ?? assert.fail(`no struct ${struct}`);
  return body.split(';').slice(0, -1).flatMap(declaration => {
    const [, type, pointer, name, length = ''] = declaration.trim().match(/^(.*?)(\*?) (\w+)(\[\d+\])?$/);
    if (pointer) return [[name, 'pointer']];
    if (!type.startsWith('posenet_')) return [[name, type + length]];
    return headers.includes(`typedef int32_t ${type};`) ? [[name, 'int32_t']] : membersOf(type);
  });
}

/** Returns the pairs of a constant of posenet/pose.h. */
function partPairs(constant) {
  const [, body] = readText('../../../include/posenet/pose.h').match(new RegExp(`${constant} = {{([^;]*)}};`));
  const nameOf = enumerator => enumerator[0].toLowerCase() + enumerator.slice(1);
  return [...body.matchAll(/{Part::k(\w+), Part::k(\w+)}/g)].map(([, from, to]) => [nameOf(from), nameOf(to)]);
}

test('the package has the version of the library', () => {
  const [, version] = readText('../../../include/posenet/version.h').match(/POSENET_VERSION_STRING "(.*)"/);
  assert.equal(JSON.parse(readText('../package.json')).version, version);
});

describe('the package', {skip: reason}, () => {
  test('has the enumerators of the C interface', () => {
    const [, statuses] = headers.match(/enum {([^}]*POSENET_INVALID_ARGUMENT[^}]*)}/);
    const codes = [...statuses.matchAll(/POSENET_(\w+) = (\d+)/g)];
    assert.deepEqual(codes.map(([, , number]) => Number(number)), codes.map((_, i) => i));
    assert.deepEqual(codes.slice(1).map(([, name]) => name.toLowerCase().replaceAll('_', '-').replace('io-error', 'io')),
                     ERROR_CODES);
    assert.deepEqual(enumerators('DECODER'), DECODERS);
    const short = {float32: 'fp32', bfloat16: 'bf16'};
    assert.deepEqual(enumerators('PRECISION').map(name => short[name] ?? name), PRECISIONS);
    assert.deepEqual(enumerators('FIT'), FITS);
    assert.deepEqual(enumerators('RESAMPLING'), RESAMPLINGS);
    assert.deepEqual(enumerators('SIMILARITY'), SIMILARITIES);
  });

  test('has the members of the structs, in order and with their types', () => {
    assert.ok(structTypes.length > 0);
    for (const {name, members} of structTypes) assert.deepEqual(Object.entries(members), membersOf(name), name);
  });

  test('has the same body parts and connections', () => {
    const [, names] = readText('../../../include/posenet/pose.h').match(/kPartNames = {([^}]*)}/);
    assert.deepEqual(names.match(/\w+/g), partNames);
    assert.deepEqual(partPairs('kPoseChain'), poseChain);
    assert.deepEqual(partPairs('kSkeleton'), limbs.map(limb => limb.map(part => partNames[part])));
  });

  test('declares functions as the C interface does', () => {
    const known = functionsOfC();
    const declared = declaredFunctions('Exports').filter(([name]) => name.startsWith('posenet_'));
    assert.ok(declared.length > 0);
    for (const [name, parameters] of declared) assert.equal(parameters, known.get(name), name);
  });
});

for (const threads of [1, 2]) {
  describe(`the module for ${threads} thread(s)`, {skip: reason}, () => {
    let module;
    before(async () => {
      module = await loadModule({threads});
    });

    test('has structs of those sizes', () => {
      for (const type of structTypes.filter(({members}) => 'struct_size' in members)) {
        // Fails if the library does not know the size.
        module.withStack(() => assert.equal(module.initialized(type).get('struct_size'), type.size, type.name));
      }
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
