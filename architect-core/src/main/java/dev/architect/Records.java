package dev.architect;

import dev.architect.check.Check;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.record.RecordStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Records of decisions, and feedback about answers. Records exist for the share of requests that the router's policy samples, and
 * are written a moment after the request. Methods block for the store; safe for use by several threads.
 */
public final class Records {

    private final RecordStore store;
    private final Consumer<List<Feedback>> kept;

    /** Creates a reader of {@code store}. */
    public Records(RecordStore store) {
        this(store, feedback -> {});
    }

    /**
     * Creates a reader of {@code store}.
     *
     * @param kept takes feedback once it is kept, on the thread that gave it
     */
    public Records(RecordStore store, Consumer<List<Feedback>> kept) {
        this.store = Check.notNull("store", store);
        this.kept = Check.notNull("kept", kept);
    }

    /** Returns records with the feedback about their answers, newest first. */
    public List<DecisionRecord> find(DecisionQuery query) {
        return store.find(Check.notNull("query", query));
    }

    /**
     * Returns records as {@link #find} does, page by page, beyond the limit of one page.
     *
     * @param query where to begin and which ones; its limit does not count
     * @param most the most records, 1 or more; they are all in memory
     */
    public List<DecisionRecord> findUpTo(DecisionQuery query, int most) {
        Check.range("most", most, 1, Integer.MAX_VALUE);
        List<DecisionRecord> found = new ArrayList<>();
        DecisionQuery next = Check.notNull("query", query);
        int wanted;
        int got;
        do {
            wanted = Math.min(DecisionQuery.MAX_LIMIT, most - found.size());
            List<DecisionRecord> page = store.find(new DecisionQuery(
                    next.from(), next.until(), next.model(), next.outcome(), next.project(), next.before(), wanted));
            got = page.size();
            found.addAll(page);
            if (got > 0) {
                next = next.withBefore(page.get(got - 1).sequence());
            }
        } while (got == wanted && found.size() < most);
        return List.copyOf(found);
    }

    /**
     * Returns the record of one request with the feedback about its answer; empty when none was kept, as of requests that the policy does not
     * sample.
     *
     * @param requestId names the request: {@link dev.architect.chat.ChatResponse#requestId()}
     */
    public Optional<DecisionRecord> ofRequest(String requestId) {
        return store.ofRequest(Check.notNull("requestId", requestId));
    }

    /** Keeps what the host says about an answer; it is durable when this returns. */
    public void keep(Feedback feedback) {
        keep(List.of(Check.notNull("feedback", feedback)));
    }

    /** Keeps what the host says about several answers, all or none. */
    public void keep(List<Feedback> feedback) {
        List<Feedback> copy = List.copyOf(Check.noNulls("feedback", feedback));
        store.keep(copy);
        kept.accept(copy);
    }

    /** Returns the feedback about the answer to a request; empty when there is none. */
    public Optional<Feedback> feedback(String requestId) {
        return store.feedback(Check.notNull("requestId", requestId));
    }
}
