import fc from "fast-check";
import { expect, test } from "vitest";
import { alongGreatCircle, angleBetween, placeOf, pointOnSphere, seenAt, turnTo } from "./turn";
import { stretches, unwrapped, wrapped } from "./wrap";

const angle = fc.double({ min: -20, max: 20, noNaN: true });
const longitude = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const latitude = fc.double({ min: -Math.PI / 2, max: Math.PI / 2, noNaN: true });
const place = fc.tuple(longitude, latitude).map(([lon, lat]) => pointOnSphere(lon, lat));
const NEAR = 1e-9;

test("a wrapped angle is in the square, whole turns away from where it was", () => {
  fc.assert(
    fc.property(angle, (a) => {
      expect(Math.abs(wrapped(a))).toBeLessThanOrEqual(Math.PI + NEAR);
      expect(Math.cos(wrapped(a) - a)).toBeCloseTo(1, 9);
    }),
  );
});

test("a cut segment is whole, and each of its stretches is inside the square once it is brought back", () => {
  fc.assert(
    fc.property(angle, angle, angle, angle, (x0, y0, x1, y1) => {
      const cut = stretches([x0, y0], [x1, y1]);
      if (x0 !== x1 || y0 !== y1) {
        expect(cut[0]?.from).toBe(0);
        expect(cut.at(-1)?.to).toBe(1);
      }
      cut.forEach(({ from, to, turns }, i) => {
        if (i > 0) expect(from).toBe(cut[i - 1]?.to);
        for (const fraction of [from, to]) {
          const x = x0 + fraction * (x1 - x0) - 2 * Math.PI * turns[0];
          const y = y0 + fraction * (y1 - y0) - 2 * Math.PI * turns[1];
          expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(Math.PI + NEAR);
        }
      });
    }),
  );
});

test("unwrapped curves jump nowhere, and stand where they stood", () => {
  const curves = fc.array(fc.tuple(longitude, longitude), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(curves, (states) => {
      const positions = Float64Array.from(states.flat());
      const found = unwrapped({ times: states.map((_, k) => k), positions }).positions;
      found.forEach((value, i) => {
        expect(Math.cos(value - (positions[i] ?? 0))).toBeCloseTo(1, 9);
        if (i >= 2) expect(Math.abs(value - (found[i - 2] ?? 0))).toBeLessThanOrEqual(Math.PI + NEAR);
      });
    }),
  );
});

test("turning a globe is a rotation, with the chosen place in the middle and north above it", () => {
  fc.assert(
    fc.property(longitude, latitude, place, place, (lon, lat, one, other) => {
      const turn = turnTo(lon, lat);
      expect(angleBetween(turn(...one), turn(...other))).toBeCloseTo(angleBetween(one, other), 6);
      const [right, up, towards] = turn(...pointOnSphere(lon, lat));
      expect([right, up, towards].map((value) => Math.round(value * 1e9) + 0)).toEqual([0, 0, 1e9]);
      const [northRight, northUp] = turn(0, 0, 1);
      expect(northRight).toBeCloseTo(0, 9);
      expect(northUp).toBeGreaterThanOrEqual(-NEAR);
    }),
  );
});

test("what is seen at a place of the disc is drawn there", () => {
  const inDisc = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), longitude);
  fc.assert(
    fc.property(longitude, latitude, inDisc, (lon, lat, [radius, way]) => {
      const [right, up] = [radius * Math.cos(way), radius * Math.sin(way)];
      const found = turnTo(lon, lat)(...seenAt(lon, lat, right, up));
      expect(found[0]).toBeCloseTo(right, 9);
      expect(found[1]).toBeCloseTo(up, 9);
      expect(found[2]).toBeGreaterThanOrEqual(-NEAR);
    }),
  );
});

test("longitude and latitude lead to the point and back", () => {
  fc.assert(
    fc.property(longitude, latitude, (lon, lat) => {
      const found = placeOf(...pointOnSphere(lon, lat));
      expect(angleBetween(pointOnSphere(lon, lat), pointOnSphere(found.longitude, found.latitude))).toBeLessThan(1e-7);
    }),
  );
});

test("a great circle is walked at constant speed, on the sphere", () => {
  fc.assert(
    fc.property(place, place, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, fraction) => {
      const whole = angleBetween(from, to);
      // Opposite points have many great circles alongGreatCircle them.
      fc.pre(whole < 3.1);
      const found = alongGreatCircle(from, to, fraction);
      expect(Math.hypot(...found)).toBeCloseTo(1, 9);
      expect(angleBetween(from, found)).toBeCloseTo(fraction * whole, 5);
    }),
  );
});
