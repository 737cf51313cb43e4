package dev.architect.router.execution;

import dev.architect.router.admission.Deployment;
import dev.architect.router.planning.RoutePlan;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates that a request has not called yet, in the order in which they are to be called. Nearly all requests call the first one and
 * no other, so that a list is made only for a change that is not one of the first place. Used by one thread.
 */
final class RemainingCandidates extends AbstractList<Deployment> {

    private final RoutePlan plan;
    /** How many candidates of the route were called, as long as there is no list. */
    private int called;

    private @Nullable List<Deployment> list;

    RemainingCandidates(RoutePlan plan) {
        this.plan = plan;
    }

    @Override
    public int size() {
        List<Deployment> changed = list;
        return changed == null ? plan.length() - called : changed.size();
    }

    @Override
    public Deployment get(int index) {
        List<Deployment> changed = list;
        return changed == null ? plan.deployment(called + index) : changed.get(index);
    }

    @Override
    public Deployment remove(int index) {
        modCount++;
        if (list == null && index == 0 && !isEmpty()) {
            return plan.deployment(called++);
        }
        return list().remove(index);
    }

    @Override
    public void add(int index, Deployment deployment) {
        modCount++;
        list().add(index, deployment);
    }

    private List<Deployment> list() {
        List<Deployment> changed = list;
        if (changed == null) {
            changed = plan.deployments().subList(called, plan.length());
            list = changed;
        }
        return changed;
    }
}
