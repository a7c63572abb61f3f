/** Of fflate, what only archives need: fetched when one is made. */
export { strToU8, zipSync } from "fflate";
