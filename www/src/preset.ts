// A preset's page leads to the playground, which takes its place: "back" is where the reader came from.
const link = document.querySelector<HTMLAnchorElement>("#playground");
if (link !== null) location.replace(link.href);
