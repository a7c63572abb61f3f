import "../../src/element";

// One cell makes the playground. Attributes are properties: set them here, or bind them to inputs.
export const flow = Object.assign(document.createElement("flow-playground"), {
  method: "flow-matching",
  data: "rings",
  seed: 11,
});

// Another cell follows its training.
export const status = document.createElement("output");
flow.addEventListener("flow-progress", ({ detail: { phase, share, panels } }) => {
  const [{ step, loss } = {}] = panels;
  const percent = `${Math.round(100 * share)} %`;
  status.textContent = phase === "loading" ? `loading, ${percent}` : `step ${step}, loss ${loss?.toFixed(3) ?? "–"}`;
});
