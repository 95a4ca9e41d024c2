import { type Ref, ref, watch } from "vue";

/**
 * The width of the longest `text` seen so far, in digits, so that a number that changes moves nothing around
 * it. In tabular figures a digit is one `ch`; a grouping sign is at most half of that.
 */
export function useWidest(text: Readonly<Ref<string>>): Readonly<Ref<number>> {
  const widest = ref(0);
  watch(
    text,
    (now) => {
      const digits = now.replaceAll(/\D/g, "").length;
      widest.value = Math.max(widest.value, digits + (now.length - digits) * 0.5);
    },
    { immediate: true },
  );
  return widest;
}
