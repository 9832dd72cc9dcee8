// SPDX-License-Identifier: Apache-2.0
// The machine of a measurement.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import os from 'node:os';

/** Describes what affects speed on this machine. */
export function machine() {
  const cpuinfo = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const flags = new Set((cpuinfo.match(/^flags\s*:\s*(.*)$/m)?.[1] ?? '').split(' '));
  const names = {avx2: 'AVX2', avx512f: 'AVX-512', avx_vnni: 'AVX-VNNI', avx512_vnni: 'AVX512-VNNI',
                 avx512_bf16: 'AVX512-BF16', amx_tile: 'AMX'};
  const governor = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';
  return {
    cpu: os.cpus()[0].model.trim(),
    cores: os.cpus().length,
    instructions: Object.keys(names).filter(flag => flags.has(flag)).map(flag => names[flag]),
    is_virtual: flags.has('hypervisor'),
    governor: existsSync(governor) ? readFileSync(governor, 'utf8').trim() : null,
    compiler: execFileSync('c++', ['--version'], {encoding: 'utf8'}).split('\n')[0],
    node: process.version,
  };
}

export const plural = (count, thing) => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Describes the CPU of `machine` in words. */
export function cpuText(machine) {
  return `${machine.cpu} (${machine.instructions.join(', ') || 'no known vector extensions'}), ` +
    `${plural(machine.cores, 'core')}${machine.is_virtual ? ', virtual' : ''}`;
}

/** Describes `machine` in words, with `parts` before the load; load_before and load_after are the load averages. */
export function machineText(machine, parts) {
  return [
    cpuText(machine),
    machine.governor ? `governor ${machine.governor}` : 'governor unknown',
    machine.compiler,
    `Node ${machine.node}`,
    ...parts,
    `load ${machine.load_before.toFixed(1)} before, ${machine.load_after.toFixed(1)} at the end`,
  ].join('; ');
}
