// SPDX-License-Identifier: Apache-2.0
// The functions that JavaScript may call are marked with POSENET_EXPORT where they are defined; nothing else is
// exported. Structures go in and out as JSON (json_fields.h), images, poses and features as arrays in the module's
// memory.
#ifndef POSENET_BINDINGS_JS_WASM_EXPORT_H_
#define POSENET_BINDINGS_JS_WASM_EXPORT_H_

/// Before the definition of a function with C linkage: exports it under its own name.
#define POSENET_EXPORT(name) extern "C" __attribute__((export_name(#name), used))

#endif  // POSENET_BINDINGS_JS_WASM_EXPORT_H_
