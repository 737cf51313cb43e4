package dev.architect.router;

import dev.architect.route.Complexity;
import dev.architect.route.Route;
import java.util.List;

/**
 * A route and the deployments behind its candidates.
 *
 * @param route the route, as people see it
 * @param deployments one for each candidate, in the same order
 */
record RoutePlan(Route route, List<Deployment> deployments) {

    RoutePlan {
        deployments = List.copyOf(deployments);
    }

    Complexity complexity() {
        return route.classification().complexity();
    }
}
