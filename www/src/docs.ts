// The documentation's examples: the code on the page says where this site is, and what is shown there runs there.
import { applyStyles, typesetAll } from "./article";
import { keepForOffline } from "./offline";

applyStyles();
void typesetAll();
keepForOffline();

/** As the documentation writes it. */
const SITE = import.meta.env.VITE_HOMEPAGE;
const here = new URL("../", location.href).href;
for (const code of document.querySelectorAll("pre code")) {
  if (code.textContent?.includes(SITE)) code.textContent = code.textContent.replaceAll(SITE, here);
}

const notebook = document.querySelector("#notebook");
if (notebook !== null) {
  const { flow, status } = await import("../docs/examples/notebook.js");
  notebook.append(flow, status);
}

const react = document.querySelector("#react");
if (react !== null) {
  const [{ createRoot }, { createElement }, { Lesson }] = await Promise.all([
    import("react-dom/client"),
    import("react"),
    import("../docs/examples/react.jsx"),
  ]);
  createRoot(react).render(createElement(Lesson));
}
