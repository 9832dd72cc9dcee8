// SPDX-License-Identifier: Apache-2.0
// What JavaScript may call. Everything that is exported says so where it is defined; nothing else is.
#ifndef POSENET_BINDINGS_JS_WASM_EXPORT_H_
#define POSENET_BINDINGS_JS_WASM_EXPORT_H_

/// Before the definition of a function of C linkage: exports it by its name.
#define POSENET_EXPORT(name) extern "C" __attribute__((export_name(#name), used))

#endif  // POSENET_BINDINGS_JS_WASM_EXPORT_H_
