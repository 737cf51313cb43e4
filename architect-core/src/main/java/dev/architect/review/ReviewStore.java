package dev.architect.review;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reviews, their comments, approval rules and recorded decisions. Each change compares the version that was read, so that over all nodes one
 * of those who make it at the same time does.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads.
 */
public interface ReviewStore {

    /** The most things that one call returns. */
    int MAX_PAGE = 1_000;

    /** The most rules of a store. */
    int MAX_RULES = 5_000;

    /** The most comments of a review. */
    int MAX_COMMENTS = 1_000;

    /** Returns the time by the store's clock. */
    Instant now();

    /**
     * Keeps a new review, or returns the one that is live already with the same {@linkplain ReviewRequest#subject subject}.
     *
     * @param opened the review; the store gives it its id
     */
    Review open(Review opened);

    /**
     * Changes a review if it still has the version of {@code changed}, and if no other one with its subject is live should it be so
     * afterwards. What was recorded about its action gets its {@linkplain Review#answer answer} with it.
     *
     * @param rule a rule that is kept with it, in one step; empty for none
     * @return the review as it is now, empty when it was changed since, or the id of the rule is taken
     */
    Optional<Review> update(Review changed, Optional<StoredRule> rule);

    /** Returns a review. */
    Optional<Review> find(long id);

    /** Returns the last review with a {@linkplain ReviewRequest#subject subject}. */
    Optional<Review> latest(String subject);

    /** Returns reviews by their ids, in the order of the query. */
    List<Review> list(ReviewQuery query);

    /**
     * Returns reviews of which something may still come, or of which the requester does not know yet, by id.
     *
     * @param after only those with larger ids
     * @param limit 1 to {@link #MAX_PAGE}
     */
    List<Review> unsettled(long after, int limit);

    /**
     * Returns reviews that were decided or withdrawn since, the newest first.
     *
     * @param limit 1 to 10 times {@link #MAX_PAGE}
     */
    List<Review> decidedSince(Instant since, int limit);

    /** Returns how many reviews are open. */
    int countOpen();

    /** Returns what was decided about reviews of a shape. */
    SimilarReviews similar(String shape);

    /**
     * Keeps a comment and returns it with its id.
     *
     * @param comment its id is ignored
     * @return empty when the review does not exist, or has {@link #MAX_COMMENTS} already
     */
    Optional<ReviewComment> comment(ReviewComment comment);

    /** Returns the comments of a review, the oldest first. */
    List<ReviewComment> comments(long review);

    /** Returns all rules, by id. */
    List<StoredRule> rules();

    /** Returns a rule. */
    Optional<StoredRule> rule(String id);

    /**
     * Keeps a new rule.
     *
     * @return the rule with its first version, empty when its id is taken or there are {@link #MAX_RULES}
     */
    Optional<StoredRule> createRule(StoredRule rule);

    /**
     * Changes a rule if it still has the version of {@code changed}.
     *
     * @return the rule as it is now, empty when it was changed or deleted since
     */
    Optional<StoredRule> updateRule(StoredRule changed);

    /**
     * Deletes a rule if it still has this version.
     *
     * @return whether it was deleted
     */
    boolean deleteRule(String id, long version);

    /**
     * Deletes the rules that end with a run.
     *
     * @return how many
     */
    int endRun(String run);

    /** Records a decision by rules and returns it with its id. */
    RecordedApproval record(RecordedApproval decision);

    /**
     * Returns recorded decisions, the newest first.
     *
     * @param before only those with smaller ids; empty begins with the newest
     * @param limit 1 to {@link #MAX_PAGE}
     */
    List<RecordedApproval> decisions(Optional<Long> before, int limit);

    /**
     * Deletes settled reviews that were decided before, with their comments, and decisions that were recorded before; some at a time.
     *
     * @param limit the most of each, 1 to {@link #MAX_PAGE}
     * @return how many of both
     */
    int purge(Instant before, int limit);
}
