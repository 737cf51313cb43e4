package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which reviews are wanted. What is empty does not restrict.
 *
 * @param states the states
 * @param kinds what they are about
 * @param project the project
 * @param requester the name of who has asked
 * @param task the task that has asked
 * @param order the order, by id
 * @param after only those behind this id in the order
 * @param limit 1 to {@link ReviewStore#MAX_PAGE}
 */
public record ReviewQuery(
        Set<ReviewState> states,
        Set<ReviewKind> kinds,
        Optional<String> project,
        Optional<String> requester,
        Optional<TaskId> task,
        Order order,
        Optional<Long> after,
        int limit) {

    /** The order of reviews. */
    public enum Order {
        /** Those that wait longest come first. */
        OLDEST_FIRST,
        /** The last ones come first. */
        NEWEST_FIRST
    }

    /** Checks every field. */
    public ReviewQuery {
        states = Set.copyOf(Check.noNulls("states", states));
        kinds = Set.copyOf(Check.noNulls("kinds", kinds));
        Check.notNull("project", project);
        Check.notNull("requester", requester);
        Check.notNull("task", task);
        Check.notNull("order", order);
        Check.notNull("after", after);
        Check.range("limit", limit, 1, ReviewStore.MAX_PAGE);
    }

    /** Returns a query of reviews in these states, the oldest first. */
    public static ReviewQuery oldest(Set<ReviewState> states, int limit) {
        return new ReviewQuery(
                states,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Order.OLDEST_FIRST,
                Optional.empty(),
                limit);
    }

    /** Returns a query of reviews in these states, the newest first. */
    public static ReviewQuery newest(Set<ReviewState> states, int limit) {
        return new ReviewQuery(
                states,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Order.NEWEST_FIRST,
                Optional.empty(),
                limit);
    }

    /** Returns the same for one task. */
    public ReviewQuery withTask(TaskId id) {
        return new ReviewQuery(
                states, kinds, project, requester, Optional.of(Check.notNull("id", id)), order, after, limit);
    }

    /** Returns the same for one project. */
    public ReviewQuery withProject(String name) {
        return new ReviewQuery(
                states, kinds, Optional.of(Check.notNull("name", name)), requester, task, order, after, limit);
    }

    /** Returns the same for one requester. */
    public ReviewQuery withRequester(String name) {
        return new ReviewQuery(
                states, kinds, project, Optional.of(Check.notNull("name", name)), task, order, after, limit);
    }

    /** Returns the same for reviews about some things. */
    public ReviewQuery withKinds(Set<ReviewKind> wanted) {
        return new ReviewQuery(states, wanted, project, requester, task, order, after, limit);
    }

    /** Returns the same behind a review. */
    public ReviewQuery withAfter(long id) {
        return new ReviewQuery(states, kinds, project, requester, task, order, Optional.of(id), limit);
    }

    /** Whether a review is wanted, wherever it stands in the order. */
    public boolean matches(Review review) {
        Check.notNull("review", review);
        ReviewRequest request = review.request();
        return (states.isEmpty() || states.contains(review.state()))
                && (kinds.isEmpty() || kinds.contains(request.kind()))
                && (project.isEmpty() || project.equals(request.project()))
                && requester.map(request.requester().name()::equals).orElse(true)
                && (task.isEmpty() || task.equals(request.requester().task()));
    }

    /** The states as a list in their order. */
    public List<ReviewState> sortedStates() {
        return states.stream().sorted().toList();
    }
}
