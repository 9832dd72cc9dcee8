// SPDX-License-Identifier: Apache-2.0
// A perspective view of the scene that orbits around a point. The scene's y axis points down.

const INITIAL_VIEW = {azimuth: 0.65, elevation: 0.6, distance: 10.4};
const MAX_ELEVATION = Math.PI / 2 - 0.02; // Beyond it, the view would be upside down.
const [MIN_DISTANCE, MAX_DISTANCE] = [3, 30];
const FIELD_OF_VIEW = 0.75; // Radians, along the shorter side.
const NEAR_PLANE = 0.05; // Lines are clipped at this depth.

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a, b) => a.map((value, i) => value - b[i]);

export class Orbit {
  constructor(center) {
    this.center = center;
    this.reset();
  }

  reset() {
    Object.assign(this, INITIAL_VIEW);
  }

  turn(azimuth, elevation) {
    this.azimuth += azimuth;
    this.elevation = Math.min(Math.max(this.elevation + elevation, -MAX_ELEVATION), MAX_ELEVATION);
  }

  zoom(factor) {
    this.distance = Math.min(Math.max(this.distance * factor, MIN_DISTANCE), MAX_DISTANCE);
  }

  /** Returns a function that projects the line between two points of the scene to a canvas of this size. It returns the
   *  two ends in pixels, or null if the line is behind the viewer. */
  lineProjector(width, height) {
    const [sa, ca] = [Math.sin(this.azimuth), Math.cos(this.azimuth)];
    const [sb, cb] = [Math.sin(this.elevation), Math.cos(this.elevation)];
    const forward = [-sa * cb, sb, -ca * cb];
    const right = [-ca, 0, sa];
    const down = [-sa * sb, -cb, -ca * sb].map(value => -value);
    const eye = this.center.map((value, i) => value - this.distance * forward[i]);
    const focal = Math.min(width, height) / 2 / Math.tan(FIELD_OF_VIEW / 2);
    const toView = point => {
      const ray = minus(point, eye);
      return [dot(ray, right), dot(ray, down), dot(ray, forward)];
    };
    const onCanvas = ([x, y, z]) => [width / 2 + focal * x / z, height / 2 + focal * y / z];
    return (from, to) => {
      let [a, b] = [toView(from), toView(to)];
      if (a[2] > b[2]) [a, b] = [b, a];
      if (b[2] <= NEAR_PLANE) return null;
      if (a[2] < NEAR_PLANE) {
        const share = (NEAR_PLANE - a[2]) / (b[2] - a[2]);
        a = a.map((value, i) => value + share * (b[i] - value));
      }
      return [onCanvas(a), onCanvas(b)];
    };
  }
}

/** Lets the mouse, touches, the wheel and keys on `canvas` control `orbit`; calls `draw` after each change. */
export function listenForOrbit(canvas, orbit, draw) {
  const pointers = new Map();
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  canvas.addEventListener('pointerdown', ({pointerId, clientX: x, clientY: y}) => {
    canvas.setPointerCapture(pointerId);
    pointers.set(pointerId, {x, y});
  });
  canvas.addEventListener('pointermove', ({pointerId, clientX: x, clientY: y}) => {
    const before = pointers.get(pointerId);
    if (!before) return;
    const previousSpread = pointers.size === 2 && spread();
    pointers.set(pointerId, {x, y});
    if (previousSpread) orbit.zoom(previousSpread / spread());
    else if (pointers.size === 1) orbit.turn((before.x - x) / 150, (y - before.y) / 150);
    draw();
  });
  for (const type of ['pointerup', 'pointercancel']) canvas.addEventListener(type, event => pointers.delete(event.pointerId));
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    orbit.zoom(Math.exp(event.deltaY / 700));
    draw();
  }, {passive: false});
  const keys = {
    ArrowLeft: () => orbit.turn(-0.1, 0), ArrowRight: () => orbit.turn(0.1, 0), ArrowUp: () => orbit.turn(0, 0.1),
    ArrowDown: () => orbit.turn(0, -0.1), '+': () => orbit.zoom(0.9), '=': () => orbit.zoom(0.9),
    '-': () => orbit.zoom(1 / 0.9), 0: () => orbit.reset(),
  };
  canvas.addEventListener('keydown', event => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
    draw();
  });
}
