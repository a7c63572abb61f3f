import { deflateSync } from "fflate";
import { expect, test } from "vitest";
import { inflatedUpTo } from "./inflate";

/** Knows how far it was read. */
class Watched extends Uint8Array {
  read = 0;

  override subarray(start = 0, end = this.length): Uint8Array<ArrayBuffer> {
    this.read = Math.max(this.read, end);
    return Uint8Array.from(this.slice(start, end));
  }

  static get [Symbol.species]() {
    return Uint8Array;
  }
}

test("what was deflated comes back, up to as much as is allowed", () => {
  const values = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
  const bytes = deflateSync(values, { level: 9 });
  expect(inflatedUpTo(bytes, 5000)).toEqual(values);
  expect(inflatedUpTo(bytes, 4999)).toBeNull();
  expect(() => inflatedUpTo(bytes.subarray(0, -3), 5000)).toThrow();
  expect(inflatedUpTo(deflateSync(new Uint8Array()), 10)).toEqual(new Uint8Array());
});

test("of a bomb only the beginning is looked at", () => {
  const bomb = Watched.from(deflateSync(new Uint8Array(10_000_000), { level: 9 })) as Watched;
  expect(bomb.length).toBeGreaterThan(9000);
  expect(inflatedUpTo(bomb, 16_000)).toBeNull();
  expect(bomb.read).toBeLessThan(1000);
});
