import { mount } from "./playground";

const host = document.querySelector<HTMLElement>("#playground");
const asked = new URLSearchParams(location.search).get("device");
const device = asked === "cpu" || asked === "webgpu" ? asked : "auto";
if (host !== null) mount(host, { device });
