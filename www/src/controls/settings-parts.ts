// The settings themselves, fetched together.
export { dataControls } from "./data";
export { engineControls } from "./engine";
export { knobs } from "./knobs";
export { unfoldedOptions } from "./options";
