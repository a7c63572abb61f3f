import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { METHOD_IDS } from "./methods";
import { DEFAULT_SETUP, OFFERED_DATA, type PanelChoice, PRESET_IDS, presetOf, type Setup, SIDES } from "./presets";
import { areThere, isShippedPicture, shippedFor } from "./shipped";

const FOLDER = fileURLToPath(new URL("pretrained/", import.meta.url));
const MOST_BYTES = 150_000;

function of(method: string, setup: Partial<Setup>, options = {}): string | null {
  return shippedFor({ method: method as "ddpm", own: {}, options }, { ...DEFAULT_SETUP, ...setup });
}

test("every file of weights is shipped for something that can be chosen, and every one that is asked for is there", () => {
  const asked = new Set<string>();
  for (const method of METHOD_IDS) {
    for (const data of OFFERED_DATA) {
      for (const side of SIDES) {
        for (const network of ["perceptron", "u-net"] as const) asked.add(of(method, { data, side, network }) ?? "");
      }
    }
  }
  asked.delete("");
  expect([...asked].map((name) => `${name}.safetensors`).sort()).toEqual(readdirSync(FOLDER).sort());
});

test.each(readdirSync(FOLDER))("%s is small, and of the network that its name says", (name) => {
  const bytes = readFileSync(`${FOLDER}${name}`);
  expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES);
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE())));
  expect("residual.0.first.weight" in header).toBe(name.includes("digits"));
  expect(header["output.bias"].dtype).toBe("BF16");
});

test("the comparison of pictures is all shipped, until something of it is set", () => {
  const { panels, setup } = presetOf("pictures");
  for (const { method } of panels) {
    expect(of(method, setup ?? {})).toBe(`drawn-digits-16.${method}`);
    expect(of(method, { ...setup, side: 28 })).toBe(`drawn-digits-28.${method}`);
    expect(of(method, { ...setup, side: 8 })).toBeNull();
    expect(of(method, { ...setup, seed: 8 })).toBeNull();
    expect(of(method, { ...setup, solverSteps: 3 })).not.toBeNull();
    expect(of(method, { ...setup, network: "perceptron" })).toBeNull();
    expect(of(method, setup ?? {}, { "method.prediction": "data" })).toBeNull();
  }
});

test("pictures are looked at whenever they are chosen; the first view's weights are not", () => {
  const matching = { method: "flow-matching", own: {}, options: {} } as const;
  expect(shippedFor(matching, DEFAULT_SETUP)).toBe("flow-matching");
  expect(isShippedPicture(matching, DEFAULT_SETUP)).toBe(false);
  expect(isShippedPicture(matching, { ...DEFAULT_SETUP, data: "digits", network: "u-net" })).toBe(true);
});

test("pre-trained weights are looked at beside such and closed forms alone", () => {
  const choice = (method: PanelChoice["method"]): PanelChoice => ({ method, own: {}, options: {} });
  const pictures: Setup = { ...DEFAULT_SETUP, data: "digits", network: "u-net" };
  expect(areThere([choice("flow-matching"), choice("exact-field")], DEFAULT_SETUP)).toBe(true);
  expect(areThere([choice("flow-matching"), choice("ddpm")], DEFAULT_SETUP)).toBe(false);
  expect(areThere([choice("flow-matching"), choice("ddpm")], pictures)).toBe(true);
  expect(areThere([choice("flow-matching"), choice("normalizing-flow")], pictures)).toBe(false);
  const there = PRESET_IDS.filter((id) => areThere(presetOf(id).panels, { ...DEFAULT_SETUP, ...presetOf(id).setup }));
  expect(there).toEqual(["nf-vs-fm", "pictures"]);
});
