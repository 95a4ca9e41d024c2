import { createRouter, createWebHistory } from "vue-router";
import NowView from "./views/NowView.vue";

/** The views that are in the navigation, in its order. */
export const VIEWS = ["now", "history", "visitors", "upkeep", "add"] as const;

/** A view of the navigation. */
export type View = (typeof VIEWS)[number];

/** Which page shows what. Only the number is there at once; the rest is loaded when it is wanted. */
export function createAppRouter() {
  return createRouter({
    history: createWebHistory(import.meta.env.BASE_URL),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
    routes: [
      { path: "/", name: "now", component: NowView },
      { path: "/history", name: "history", component: () => import("./views/HistoryView.vue") },
      { path: "/visitors", name: "visitors", component: () => import("./views/VisitorsView.vue") },
      { path: "/upkeep", name: "upkeep", component: () => import("./views/UpkeepView.vue") },
      { path: "/add", name: "add", component: () => import("./views/AddView.vue") },
      { path: "/login", name: "login", component: () => import("./views/LoginView.vue") },
      { path: "/:rest(.*)*", name: "not-found", component: () => import("./views/NotFoundView.vue") },
    ],
  });
}
