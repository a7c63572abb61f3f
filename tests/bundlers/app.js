// What someone's app does with the package: an element on its page, and a run of its own.
import { createEngine } from "flow-playground";
import "flow-playground/element";

/** Told on the page, for whoever drives it. */
globalThis.trainLibrary = async () => {
  const engine = await createEngine({ device: "cpu" });
  try {
    const run = await engine.run({ seed: 3, network: { width: 16, depth: 2 } });
    await run.train(20);
    return [...(await run.sample(2, { seed: 1 }))];
  } finally {
    engine.dispose();
  }
};
