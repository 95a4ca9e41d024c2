import { z } from "zod";

/** The schemas of answers that the OpenAPI document lists by name. */
export const answerComponents = z.registry<{ id: string }>();

/** The schemas of request bodies that the OpenAPI document lists by name. */
export const requestComponents = z.registry<{ id: string }>();
