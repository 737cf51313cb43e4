package dev.architect;

import dev.architect.node.NodeRole;
import dev.architect.node.RoleWork;
import dev.architect.review.Review;
import dev.architect.review.ReviewLimits;
import dev.architect.review.ReviewStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskNotFoundException;
import dev.architect.task.TaskStateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What time brings to reviews: those that are due are reminded of, escalated and at last denied where that is so, approvals expire, reviews of ended
 * tasks are withdrawn, and tasks that wait learn what was decided. A role, so that one node at a time looks; each change compares what was read. Nothing
 * depends on it in time: an approval is refused when it has expired, looked at or not.
 */
final class ReviewRounds implements RoleWork {

    /** The name of the role. */
    static final String ROLE = "architect.reviews";

    private static final Logger LOG = LoggerFactory.getLogger(ReviewRounds.class);

    private static final int BATCH = 100;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration IDLE_PAUSE = Duration.ofSeconds(1);

    /** A call of a role may take five seconds. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(2);

    private static final Duration PURGE_PAUSE = Duration.ofMinutes(10);

    private final Supplier<ReviewStore> stores;
    private final Tasks tasks;
    private final Supplier<ReviewLimits> limits;
    private final TimeSource time;
    private long last;
    private Optional<Long> purgedAt = Optional.empty();

    ReviewRounds(Supplier<ReviewStore> stores, Tasks tasks, Supplier<ReviewLimits> limits, TimeSource time) {
        this.stores = stores;
        this.tasks = tasks;
        this.limits = limits;
        this.time = time;
    }

    @Override
    public Duration run(NodeRole role) {
        long begin = time.nanoTime();
        purge();
        boolean isAny = false;
        List<Review> page;
        do {
            page = stores.get().unsettled(last, BATCH);
            for (Review review : page) {
                isAny = true;
                // First, so that one that fails keeps no other waiting.
                last = review.id();
                settle(review);
                if (time.nanoTime() - begin > LONGEST_ROUND.toNanos()) {
                    return Duration.ZERO;
                }
            }
        } while (page.size() == BATCH);
        last = 0;
        return isAny ? PAUSE : IDLE_PAUSE;
    }

    private void purge() {
        long now = time.nanoTime();
        if (purgedAt.filter(at -> now - at < PURGE_PAUSE.toNanos()).isEmpty()) {
            ReviewStore store = stores.get();
            store.purge(store.now().minus(limits.get().retention()), ReviewStore.MAX_PAGE);
            purgedAt = Optional.of(now);
        }
    }

    /** Looks at all reviews that are not settled, however long it takes. */
    void all() {
        long after = 0;
        List<Review> page;
        do {
            page = stores.get().unsettled(after, BATCH);
            for (Review review : page) {
                settle(review);
                after = review.id();
            }
        } while (page.size() == BATCH);
    }

    private void settle(Review review) {
        ReviewStore store = stores.get();
        Instant now = store.now();
        Optional<TaskId> task = review.request().requester().task();
        if (task.isPresent() && hasEnded(task.get())) {
            review.request().requester().run().ifPresent(store::endRun);
            store.update(review.withdrawn(now), Optional.empty());
            return;
        }
        Optional<Review> overdue = review.overdue(now, limits.get());
        if (overdue.isPresent()) {
            store.update(overdue.get(), Optional.empty());
        } else if (review.isExpired(now)) {
            store.update(review.expired(now), Optional.empty()).ifPresent(this::deliver);
        } else {
            deliver(review);
        }
    }

    private boolean hasEnded(TaskId id) {
        return tasks.find(id)
                .map(Task::state)
                .filter(state -> !state.isTerminal())
                .isEmpty();
    }

    /** Resumes the task that waits for a decision, and returns the review as it is now. One that does not wait yet is resumed by a later round. */
    Review deliver(Review review) {
        ReviewStore store = stores.get();
        Instant now = store.now();
        if (!review.isDeliverable(now, limits.get())) {
            return review;
        }
        Optional<TaskId> task = review.request().requester().task();
        if (task.isPresent()) {
            try {
                tasks.signal(task.get(), review.payload(store.comments(review.id())));
            } catch (TaskStateException | TaskNotFoundException notWaiting) {
                LOG.debug("review {} is delivered later: {}", review.id(), notWaiting.getMessage());
                return review;
            }
        }
        // A faster node has changed it after the same decision; its next round looks again.
        return store.update(review.delivered(now), Optional.empty()).orElse(review);
    }
}
