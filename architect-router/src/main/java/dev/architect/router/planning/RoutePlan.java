package dev.architect.router.planning;

import dev.architect.model.Complexity;
import dev.architect.route.Route;
import dev.architect.router.admission.Deployment;
import java.util.List;

/**
 * A route and the deployments behind its candidates.
 *
 * @param route the route, as callers see it
 * @param deployments one for each candidate, in the same order
 */
public record RoutePlan(Route route, List<Deployment> deployments) {

    public RoutePlan {
        deployments = List.copyOf(deployments);
    }

    public Complexity complexity() {
        return route.classification().complexity();
    }
}
