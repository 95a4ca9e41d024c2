// @boundaries-ignore the settings every package shares live at the root
import { presenceTests } from "../../vitest.shared.ts";

export default presenceTests();
