// The documentation's examples are JavaScript, as their readers write it.
declare module "*.jsx" {
  export function Lesson(): null;
}
declare module "*/examples/notebook.js" {
  export const flow: HTMLElement;
  export const status: HTMLElement;
}
declare module "react-dom/client" {
  export function createRoot(element: Element): { render(node: unknown): void };
}
declare module "react" {
  export function createElement(component: unknown): unknown;
}
