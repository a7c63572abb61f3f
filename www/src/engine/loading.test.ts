import fc from "fast-check";
import { expect, test } from "vitest";
import { Loading } from "./loading";

const chunks = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 500 }), ms: fc.integer({ min: 0, max: 80 }) }), {
  minLength: 1,
  maxLength: 60,
});

test("shares rise from 0 to 1, are those of the bytes, and are told ten times a second at most", () => {
  fc.assert(
    fc.property(chunks, (all) => {
      const size = all.reduce((sum, { bytes }) => sum + bytes, 0);
      const loading = new Loading(size);
      const told: { share: number; ms: number }[] = [];
      let [now, come] = [0, 0];
      loading.tell((share) => {
        expect(share).toBeCloseTo(come / size);
        told.push({ share, ms: now });
      });
      for (const { bytes, ms } of all) {
        now += ms;
        come += bytes;
        loading.add(bytes, now);
      }
      loading.end();
      const shares = told.map(({ share }) => share);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
      // But for what it begins and ends with.
      expect(told.length - 2).toBeLessThanOrEqual(1 + now / 100);
    }),
  );
});

test("more bytes than were expected are all of them, and whoever asks later is told what there is", () => {
  const loading = new Loading(10);
  loading.add(25, 0);
  const told: number[] = [];
  loading.tell((share) => told.push(share));
  loading.end();
  loading.tell((share) => told.push(share));
  expect(told).toEqual([1, 1, 1]);
});

test("an answer whose bytes are counted has the same bytes, status and headers", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const headers = { "content-type": "application/wasm" };
  const loading = new Loading(bytes.length);
  const shares: number[] = [];
  loading.tell((share) => shares.push(share));
  const counted = loading.counted(new Response(bytes, { status: 200, headers }));
  expect(counted.headers.get("content-type")).toBe("application/wasm");
  expect(new Uint8Array(await counted.arrayBuffer())).toEqual(bytes);
  expect(shares).toEqual([0, 1]);
});
