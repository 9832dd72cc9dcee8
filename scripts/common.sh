# SPDX-License-Identifier: Apache-2.0
# What the scripts share. They source it, and then run in the root of the repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Set by the script that was called, and inherited by those that it calls.
export POSENET_STARTED=${POSENET_STARTED:-$(date +%s)}

# say WORDS...: prints what starts now, with the time since the script started.
say() {
  local seconds=$(($(date +%s) - POSENET_STARTED))
  printf '\033[1m== %s\033[0m (%d:%02d)\n' "$*" $((seconds / 60)) $((seconds % 60)) >&2
}
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# install_packages NAME...: prints and installs the Debian packages that are missing.
install_packages() {
  local missing=() name
  for name in "$@"; do
    [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = 'install ok installed' ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing Debian packages: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo; as root run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# install_build_packages: the compiler, the tools and the libraries of cmake/Dependencies.cmake.
install_build_packages() {
  install_packages g++ cmake ninja-build pkg-config \
    libexpected-dev libhwy-dev nlohmann-json3-dev libmd-dev \
    libflatbuffers-dev flatbuffers-compiler-dev flatbuffers-compiler \
    libjpeg62-turbo-dev libpng-dev libwebp-dev libtiff-dev libeigen3-dev libstb-dev libcli11-dev \
    libboost-dev \
    libavdevice-dev libavformat-dev libavcodec-dev libavutil-dev libswscale-dev \
    libgtest-dev libgmock-dev libbenchmark-dev \
    libtorch-dev libopenblas0-pthread # Without OpenBLAS libtorch multiplies by a reference BLAS, forty times slower.
}

# install_npm: Debian's, unless there is another one.
install_npm() {
  if ! command -v npm >/dev/null || ! command -v node >/dev/null; then install_packages nodejs npm ca-certificates; fi
}

# install_node_packages FOLDER: installs what the folder's lock file pins, unless that is done already.
install_node_packages() {
  local folder=$1 lock_hash
  # A hash rather than a date shows which lock file the installed packages belong to.
  lock_hash=$(sha256sum "$folder/package-lock.json")
  [ "$(cat "$folder/node_modules/.lock-hash" 2>/dev/null)" != "$lock_hash" ] || return 0
  install_npm
  say "installing the npm packages of $folder"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  printf '%s\n' "$lock_hash" >"$folder/node_modules/.lock-hash"
}

# build PRESET [TARGET...]: configures build/PRESET if it is new, and builds the targets, by default all.
build() {
  local preset=$1
  shift
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >&2
  cmake --build --preset "$preset" ${1:+--target "$@"} >&2
}

# build_objects PRESET: builds the object files of a preset, all that one of cmake/check-only can build.
build_objects() {
  local preset=$1 objects
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >&2
  mapfile -t objects < <(ninja -C "build/$preset" -t targets all | sed -n 's/: C\(XX\)\?_COMPILER.*//p')
  build "$preset" "${objects[@]}"
}

# make_room: renders a room, build/demo/room, and trains build/demo/room.safetensors on it, unless they exist; resumes
# an interrupted training. Needs the models. Stops at the first step that fails, even without set -e.
make_room() {
  local room=build/demo/room scene=build/demo/room.safetensors
  local options=(--output "$scene" --size 160 --epochs 11 --batch 16 --grid 64 --dropout 0 --loss beta --roll 5
    --constant-appearance)
  if [ -f build/demo/room.checkpoint ]; then
    options+=(--resume)
  elif [ -f "$scene" ]; then
    return 0
  fi
  mkdir -p build/demo
  say "building the trainer"
  build release posenet_cli posenet_trainer || return
  if [ ! -d "$room" ]; then
    build/release/bin/posenet camera synth --place wall --output "$room" --frames 1600 --walks 40 \
      --photos models/node_modules/weights-mobilenet100/assets >&2 || return
  fi
  # About two minutes on two idle cores; on a slower machine it takes longer and gives the same accuracy.
  say "posenet camera train $room ${options[*]}"
  build/release/bin/posenet camera train "$room" "${options[@]}" >&2
}
