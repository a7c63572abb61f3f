// What the engines are called.

export const ENGINE_NAMES: Readonly<Record<string, string>> = { cpu: "CPU", webgpu: "WebGPU" };
