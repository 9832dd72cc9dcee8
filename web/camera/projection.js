// SPDX-License-Identifier: Apache-2.0
// Somebody who looks at the scene from outside: goes around a point, and sees in perspective. The scene's y points down.

const FIRST = {around: 0.65, above: 0.6, distance: 10.4};
const MOST_ABOVE = Math.PI / 2 - 0.02; // Beyond, up would be down.
const [NEAREST, FARTHEST] = [3, 30];
const FIELD_OF_VIEW = 0.75; // Radians, of the shorter side.
const CLOSEST_DEPTH = 0.05; // In front of the eye; what is nearer is cut off.

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a, b) => a.map((value, i) => value - b[i]);

export class Orbit {
  constructor(centre) {
    this.centre = centre;
    this.reset();
  }

  reset() {
    Object.assign(this, FIRST);
  }

  turn(around, above) {
    this.around += around;
    this.above = Math.min(Math.max(this.above + above, -MOST_ABOVE), MOST_ABOVE);
  }

  approach(factor) {
    this.distance = Math.min(Math.max(this.distance * factor, NEAREST), FARTHEST);
  }

  /** Sees a canvas of that size: answers a function from two points of the scene to a line of the canvas, or null. */
  lines(width, height) {
    const [sa, ca] = [Math.sin(this.around), Math.cos(this.around)];
    const [sb, cb] = [Math.sin(this.above), Math.cos(this.above)];
    const forward = [-sa * cb, sb, -ca * cb];
    const right = [-ca, 0, sa];
    const down = [-sa * sb, -cb, -ca * sb].map(value => -value);
    const eye = this.centre.map((value, i) => value - this.distance * forward[i]);
    const focal = Math.min(width, height) / 2 / Math.tan(FIELD_OF_VIEW / 2);
    const seen = point => {
      const ray = minus(point, eye);
      return [dot(ray, right), dot(ray, down), dot(ray, forward)];
    };
    const onCanvas = ([x, y, z]) => [width / 2 + focal * x / z, height / 2 + focal * y / z];
    return (from, to) => {
      let [a, b] = [seen(from), seen(to)];
      if (a[2] > b[2]) [a, b] = [b, a];
      if (b[2] <= CLOSEST_DEPTH) return null;
      if (a[2] < CLOSEST_DEPTH) {
        const share = (CLOSEST_DEPTH - a[2]) / (b[2] - a[2]);
        a = a.map((value, i) => value + share * (b[i] - value));
      }
      return [onCanvas(a), onCanvas(b)];
    };
  }
}

/** Has `orbit` follow mouse, fingers, wheel and keys on `canvas`; calls `draw` after each change. */
export function listenForOrbit(canvas, orbit, draw) {
  const fingers = new Map();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  canvas.addEventListener('pointerdown', ({pointerId, clientX: x, clientY: y}) => {
    canvas.setPointerCapture(pointerId);
    fingers.set(pointerId, {x, y});
  });
  canvas.addEventListener('pointermove', ({pointerId, clientX: x, clientY: y}) => {
    const before = fingers.get(pointerId);
    if (!before) return;
    const wide = fingers.size === 2 && spread();
    fingers.set(pointerId, {x, y});
    if (wide) orbit.approach(wide / spread());
    else if (fingers.size === 1) orbit.turn((before.x - x) / 150, (y - before.y) / 150);
    draw();
  });
  for (const type of ['pointerup', 'pointercancel']) canvas.addEventListener(type, event => fingers.delete(event.pointerId));
  canvas.addEventListener('wheel', event => {
    event.preventDefault();
    orbit.approach(Math.exp(event.deltaY / 700));
    draw();
  }, {passive: false});
  const keys = {
    ArrowLeft: () => orbit.turn(-0.1, 0), ArrowRight: () => orbit.turn(0.1, 0), ArrowUp: () => orbit.turn(0, 0.1),
    ArrowDown: () => orbit.turn(0, -0.1), '+': () => orbit.approach(0.9), '=': () => orbit.approach(0.9),
    '-': () => orbit.approach(1 / 0.9), 0: () => orbit.reset(),
  };
  canvas.addEventListener('keydown', event => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
    draw();
  });
}
