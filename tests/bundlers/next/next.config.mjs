import { fileURLToPath } from "node:url";

/** The app's own folder is not that of the installed packages. */
export default { turbopack: { root: fileURLToPath(new URL("../", import.meta.url)) } };
