"use client";

import "../../app.js";

export default function Page() {
  return <flow-playground method="flow-matching" seed="3" width="16" depth="2" device="cpu" hide="" />;
}
