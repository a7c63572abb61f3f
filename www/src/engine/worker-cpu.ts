// The worker of a run on the CPU.
import { serve } from "./serve";

serve(() => import("../../generated/cpu/flow_playground.js"));
