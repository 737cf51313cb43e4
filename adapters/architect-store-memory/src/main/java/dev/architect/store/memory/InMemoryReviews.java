package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewStore;
import dev.architect.review.SimilarReviews;
import dev.architect.review.StoredRule;
import dev.architect.store.memory.lock.PageLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Reviews in memory. Guarded by the store's lock. */
final class InMemoryReviews implements ReviewStore {

    private static final int MAX_DECIDED = 10 * MAX_PAGE;

    private final InMemoryStore store;
    private final TreeMap<Long, Review> reviews = new TreeMap<>();
    private final Map<String, TreeMap<Long, Review>> bySubject = new HashMap<>();
    private final TreeMap<Long, Review> unsettled = new TreeMap<>();
    private final Map<Long, List<ReviewComment>> comments = new HashMap<>();
    private final TreeMap<String, StoredRule> rules = new TreeMap<>();
    private final TreeMap<Long, RecordedApproval> decisions = new TreeMap<>();
    private long lastId;

    InMemoryReviews(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public Instant now() {
        return store.locked(store::now);
    }

    @Override
    public Review open(Review opened) {
        return store.locked(() -> live(opened.request().subject()).orElseGet(() -> {
            Review numbered = opened.withId(++lastId).withVersion(1);
            put(numbered);
            return numbered;
        }));
    }

    private Optional<Review> live(String subject) {
        return bySubject.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(review -> review.state().isLive())
                .findFirst();
    }

    private void put(Review review) {
        store.changed(ChangeTopic.REVIEW, review.id());
        reviews.put(review.id(), review);
        bySubject
                .computeIfAbsent(review.request().subject(), subject -> new TreeMap<>())
                .put(review.id(), review);
        if (review.isSettled()) {
            unsettled.remove(review.id());
        } else {
            unsettled.put(review.id(), review);
        }
    }

    @Override
    public Optional<Review> update(Review changed, Optional<StoredRule> rule) {
        return store.locked(() -> {
            Review now = reviews.get(changed.id());
            boolean isTaken = rule.filter(one -> !hasRoom(one)).isPresent();
            if (now == null || now.version() != changed.version() || isTaken) {
                return Optional.empty();
            }
            Optional<Review> live = live(changed.request().subject());
            if (changed.state().isLive()
                    && live.filter(other -> other.id() != changed.id()).isPresent()) {
                return Optional.empty();
            }
            Review updated = changed.withVersion(changed.version() + 1);
            put(updated);
            rule.ifPresent(one -> {
                rules.put(one.id(), one.withVersion(1));
                store.changed(ChangeTopic.RULE, one.id());
            });
            decisions.replaceAll((id, decision) -> decision.review().equals(Optional.of(changed.id()))
                    ? decision.withAnswer(changed.answer())
                    : decision);
            return Optional.of(updated);
        });
    }

    private boolean hasRoom(StoredRule rule) {
        return !rules.containsKey(rule.id()) && rules.size() < MAX_RULES;
    }

    @Override
    public Optional<Review> find(long id) {
        return store.locked(() -> Optional.ofNullable(reviews.get(id)));
    }

    @Override
    public Optional<Review> latest(String subject) {
        return store.locked(() -> Optional.ofNullable(
                        bySubject.getOrDefault(subject, new TreeMap<>()).lastEntry())
                .map(Map.Entry::getValue));
    }

    @Override
    public List<Review> list(ReviewQuery query) {
        return store.locked(() -> {
            boolean isNewest = query.order() == ReviewQuery.Order.NEWEST_FIRST;
            NavigableMap<Long, Review> ordered = isNewest ? reviews.descendingMap() : reviews;
            NavigableMap<Long, Review> wanted =
                    query.after().map(id -> ordered.tailMap(id, false)).orElse(ordered);
            return wanted.values().stream()
                    .filter(query::matches)
                    .limit(query.limit())
                    .toList();
        });
    }

    @Override
    public List<Review> unsettled(long after, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() ->
                unsettled.tailMap(after, false).values().stream().limit(limit).toList());
    }

    @Override
    public List<Review> decidedSince(Instant since, int limit) {
        PageLimit.check(limit, MAX_DECIDED);
        return store.locked(() -> reviews.values().stream()
                .filter(review ->
                        decidedAt(review).filter(at -> !at.isBefore(since)).isPresent())
                .sorted(Comparator.comparing(
                                (Review review) -> decidedAt(review).orElseThrow())
                        .thenComparing(Review::id)
                        .reversed())
                .limit(limit)
                .toList());
    }

    private static Optional<Instant> decidedAt(Review review) {
        return review.times().decided().or(() -> review.times().ended());
    }

    @Override
    public int countOpen() {
        return store.locked(() -> (int) unsettled.values().stream()
                .filter(review -> review.state() == ReviewState.OPEN)
                .count());
    }

    @Override
    public SimilarReviews similar(String shape) {
        return store.locked(() -> {
            List<Boolean> answers = reviews.values().stream()
                    .filter(review -> review.request().shape().equals(shape))
                    .flatMap(review -> review.answer().stream())
                    .toList();
            int approved = (int) answers.stream().filter(answer -> answer).count();
            return new SimilarReviews(approved, answers.size() - approved);
        });
    }

    @Override
    public Optional<ReviewComment> comment(ReviewComment comment) {
        return store.locked(() -> {
            if (!reviews.containsKey(comment.review())) {
                return Optional.empty();
            }
            List<ReviewComment> made = comments.computeIfAbsent(comment.review(), id -> new ArrayList<>());
            if (made.size() >= MAX_COMMENTS) {
                return Optional.empty();
            }
            ReviewComment numbered =
                    new ReviewComment(comment.review(), ++lastId, comment.actor(), comment.at(), comment.remark());
            made.add(numbered);
            store.changed(ChangeTopic.REVIEW, comment.review());
            return Optional.of(numbered);
        });
    }

    @Override
    public List<ReviewComment> comments(long review) {
        return store.locked(() -> List.copyOf(comments.getOrDefault(review, List.of())));
    }

    @Override
    public List<StoredRule> rules() {
        return store.locked(() -> List.copyOf(rules.values()));
    }

    @Override
    public Optional<StoredRule> rule(String id) {
        return store.locked(() -> Optional.ofNullable(rules.get(id)));
    }

    @Override
    public Optional<StoredRule> createRule(StoredRule rule) {
        return store.locked(() -> {
            if (!hasRoom(rule)) {
                return Optional.empty();
            }
            StoredRule first = rule.withVersion(1);
            store.changed(ChangeTopic.RULE, rule.id());
            rules.put(rule.id(), first);
            return Optional.of(first);
        });
    }

    @Override
    public Optional<StoredRule> updateRule(StoredRule changed) {
        return store.locked(() -> {
            StoredRule now = rules.get(changed.id());
            if (now == null || now.version() != changed.version()) {
                return Optional.empty();
            }
            StoredRule updated = changed.withVersion(changed.version() + 1);
            rules.put(changed.id(), updated);
            store.changed(ChangeTopic.RULE, changed.id());
            return Optional.of(updated);
        });
    }

    @Override
    public boolean deleteRule(String id, long version) {
        return store.locked(() -> {
            StoredRule now = rules.get(id);
            store.changed(ChangeTopic.RULE, id);
            return now != null && now.version() == version && rules.remove(id, now);
        });
    }

    @Override
    public int endRun(String run) {
        return store.locked(() -> {
            int before = rules.size();
            rules.values().removeIf(rule -> rule.run().equals(Optional.of(run)));
            return before - rules.size();
        });
    }

    @Override
    public RecordedApproval record(RecordedApproval decision) {
        return store.locked(() -> {
            RecordedApproval numbered = decision.withId(++lastId);
            decisions.put(numbered.id(), numbered);
            return numbered;
        });
    }

    @Override
    public List<RecordedApproval> decisions(Optional<Long> before, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(
                () -> decisions.headMap(before.orElse(Long.MAX_VALUE), false).descendingMap().values().stream()
                        .limit(limit)
                        .toList());
    }

    @Override
    public int purge(Instant before, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() -> {
            List<Long> oldDecisions = decisions.values().stream()
                    .filter(decision -> decision.at().isBefore(before))
                    .limit(limit)
                    .map(RecordedApproval::id)
                    .toList();
            oldDecisions.forEach(decisions::remove);
            List<Review> oldReviews = reviews.values().stream()
                    .filter(review -> review.isSettled()
                            && decidedAt(review)
                                    .filter(at -> at.isBefore(before))
                                    .isPresent())
                    .limit(limit)
                    .toList();
            oldReviews.forEach(this::remove);
            return oldDecisions.size() + oldReviews.size();
        });
    }

    private void remove(Review review) {
        store.changed(ChangeTopic.REVIEW, review.id());
        reviews.remove(review.id());
        comments.remove(review.id());
        TreeMap<Long, Review> same = bySubject.get(review.request().subject());
        if (same != null) {
            same.remove(review.id());
            if (same.isEmpty()) {
                bySubject.remove(review.request().subject());
            }
        }
    }
}
