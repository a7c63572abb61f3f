import { useEffect, useRef, useState } from "react";
import "../../src/element";

export function Lesson() {
  const flow = useRef(null);
  const [data, setData] = useState("moons");
  const [step, setStep] = useState(0);

  useEffect(() => {
    const element = flow.current;
    const onProgress = ({ detail: { panels } }) => setStep(panels[0]?.step ?? 0);
    element.addEventListener("flow-progress", onProgress);
    return () => element.removeEventListener("flow-progress", onProgress);
  }, []);

  return (
    <>
      <label>
        Data{" "}
        <select value={data} onChange={(event) => setData(event.target.value)}>
          <option>moons</option>
          <option>pinwheel</option>
          <option>checkerboard</option>
        </select>
      </label>
      <flow-playground ref={flow} method="flow-matching" data={data} />
      <p>Step {step}</p>
    </>
  );
}
